"""Right derivations in words that plain loops have, from which mutations are made; all others stand in `grading/`."""

from __future__ import annotations

RIGHT = {
    "two-strided-layers": """
let k: kernel[c]
corr(corr(x, k, stride=2), k, stride=2)[n]
  = sum(k[b]*corr(x, k, stride=2)[2*n + b] for b in range(c))             # definition
  = sum(k[b]*sum(k[a]*x[2*(2*n + b) + a] for a in range(c)) for b in range(c))
  = sum(k[b]*k[a]*x[4*n + 2*b + a] for a in range(c) for b in range(c))   # the order does not matter
  = sum(sum(k[b]*k[m - 2*b] for b in range(c))*x[4*n + m] for m in Z)     # m = 2b + a
  = corr(x, conv(k, up(k, 2)), stride=4)[n]
""",
    "two-strided-layers-by-operators": """
corr(corr(x, k, stride=2), k, stride=2)
 = corr(down(corr(x, k), 2), k, stride=2)
 = down(corr(down(corr(x, k), 2), k), 2)
 = down(down(corr(corr(x, k), up(k, 2)), 2), 2)
 = down(corr(x, conv(k, up(k, 2))), 4)
 = corr(x, conv(k, up(k, 2)), stride=4)
""",
    "strided-layers": """
let k: kernel[c]
let h: kernel[e]
corr(corr(x, k, stride=s), h, stride=t)[n]
  = sum(h[b]*k[a]*x[s*(t*n + b) + a] for a in range(c) for b in range(e))
  = sum(h[b]*k[m - s*b]*x[s*t*n + m] for b in range(e) for m in Z)
  = sum(conv(k, up(h, s))[m]*x[s*t*n + m] for m in Z)
  = corr(x, conv(k, up(h, s)), stride=s*t)[n]
""",
    "commutes": """
let k: kernel[c]
conv(x, k)[n]
  = sum(k[a]*x[n - a] for a in range(c))
  = sum(k[n - b]*x[b] for b in Z)          # b = n - a
  = conv(k, x)[n]
""",
    "noble-identity": """
let h: kernel[e]
down(conv(x, up(h, s)), s)[n]
  = conv(x, up(h, s))[s*n]
  = sum(up(h, s)[a]*x[s*n - a] for a in Z)
  = sum(h[b]*x[s*n - s*b] for b in range(e))
  = sum(h[b]*down(x, s)[n - b] for b in range(e))
  = conv(down(x, s), h)[n]
""",
    "flip": """
let k: kernel[c]
corr(x, k)[n]
  = sum(k[a]*x[n + a] for a in range(c))
  = sum(flip(k)[-a]*x[n + a] for a in range(c))
  = sum(flip(k)[b]*x[n - b] for b in range(-c + 1, 1))
  = conv(x, flip(k))[n]
""",
    "adjoint": """
let k: kernel[c]
let y: kernel[M]
inner(corr(x, k, stride=s), y)
  = sum(corr(x, k, stride=s)[n]*y[n] for n in range(M))
  = sum(k[a]*x[s*n + a]*y[n] for n in range(M) for a in range(c))
  = sum(x[m]*sum(k[m - s*n]*y[n] for n in range(M)) for m in Z)
  = inner(x, conv(up(y, s), k))
""",
    "dilated-layers": """
let k: kernel[c]
let h: kernel[e]
corr(corr(x, k), h, dilation=d)[n]
  = sum(h[b]*corr(x, k)[n + d*b] for b in range(e))
  = sum(h[b]*sum(k[a]*x[n + d*b + a] for a in range(c)) for b in range(e))
  = sum(up(h, d)[j]*k[a]*x[n + j + a] for j in Z for a in range(c))
  = corr(x, conv(k, up(h, d)))[n]
""",
    "polyphase": """
let h: kernel[c]
down(conv(x, h), 2)[n]
  = sum(h[a]*x[2*n - a] for a in range(c))
  = sum(h[2*b]*x[2*n - 2*b] for b in Z) + sum(h[2*b + 1]*x[2*n - 2*b - 1] for b in Z)
  = conv(down(x, 2), down(h, 2))[n] + sum(h[2*b + 1]*x[2*(n - b) - 1] for b in Z)
""",
    "transposed": """
let q: kernel[c]
conv(up(x, s), q)[n]
  = sum(q[a]*up(x, s)[n - a] for a in range(c))
  = sum(x[j]*q[n - s*j] for j in Z)
""",
    "associates": """
conv(conv(x, k), h)
  = conv(x, conv(k, h))
  = conv(x, conv(h, k))
  = conv(conv(x, h), k)
""",
    "linear": """
let a: number
let y: signal
conv(a*x + y, k)
  = conv(a*x, k) + conv(y, k)
  = a*conv(x, k) + conv(y, k)
""",
    "shifts": """
let k: kernel[c]
conv(shift(x, m), k)[n]
  = sum(k[a]*shift(x, m)[n - a] for a in range(c))
  = sum(k[a]*x[n - a - m] for a in range(c))
  = conv(x, k)[n - m]
  = shift(conv(x, k), m)[n]
""",
    "down-after-up": """
down(up(x, s), s)[n]
  = up(x, s)[s*n]
  = sum(iverson(s*n == s*m)*x[m] for m in Z)
  = x[n]
""",
}
"""Every step follows; the words of this file are plain enough for the loops of `reading`."""
