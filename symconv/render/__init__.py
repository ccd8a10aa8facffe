"""How it looks: printers of mathematics, templates, and the PDF as the last step."""
