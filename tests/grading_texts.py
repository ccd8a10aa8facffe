"""Derivations as people write them: right ones by several routes, and the wrong ones of the syllabus in right steps."""

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

MORE = {
    "gradient": """
let x: signal
let w: kernel[-l:l+1]
diff(conv(x, w)[i - l], x[i])
  = sum(w[a]*diff(x[i - l - a], x[i]) for a in range(-l, l + 1))
  = sum(w[a]*iverson(i - l - a == i) for a in range(-l, l + 1))
  = w[-l]
""",
    "coprime": """
assume gcd(s, t) == 1
down(up(x, s), t)
  = up(down(x, t), s)
""",
    "average-and-maximum": """
let x: signal
assume x >= 0
avg_pool1d(x, c) <= max_pool1d(x, c)
""",
    "padded-layer": """
let x: signal[N]
let k: kernel[c]
size(conv1d(x, k, stride=2, padding=p))
  = (N + 2*p - (c - 1) - 1)//2 + 1
  = (N + 2*p - c)//2 + 1
""",
    "defined": """
let y = corr(x, k, stride=2)
let z[n] = sum(k[a]*y[2*n + a] for a in Z)
z = corr(y, k, stride=2)
  = corr(corr(x, k, stride=2), k, stride=2)
  = corr(x, conv(k, up(k, 2)), stride=4)
""",
    "channels": """
let x: signal[C, :]
let w: kernel[M, C, c]
let v: kernel[F, M, 1]
conv1d(conv1d(x, w), v)[o, n]
  = sum(v[o, m, 0]*conv1d(x, w)[m, n] for m in range(M))
  = sum(v[o, m, 0]*w[m, i, a]*x[i, n + a] for m in range(M) for i in range(C) for a in range(c))
""",
}
"""The same, in words that the loops do not have."""

WRONG: dict[str, tuple[int, str, str]] = {
    "even-indices-on-both-sums": (
        5,
        "",
        """
let k: kernel[c]
corr(corr(x, k, stride=2), k, stride=2)[n]
  = sum(k[b]*k[a]*x[4*n + 2*b + a] for a in range(c) for b in range(c))
  = sum(iverson(m % 2 == 0)*k[m]*k[u - m]*x[4*n + u] for u in Z for m in Z)
  = sum(sum(iverson(m % 2 == 0)*k[m]*k[u - m] for m in Z)*x[4*n + u] for u in Z)
""",
    ),
    "undilated-kernel": (
        6,
        "corr(x, conv(up(k, 2), k), stride=4)",
        """
let k: kernel[c]
let y = corr(x, k, stride=2)
corr(y, k, stride=2)
  = corr(corr(x, k, stride=2), k, stride=2)
  = corr(x, conv(k, k), stride=4)
""",
    ),
    "overdilated-kernel": (
        5,
        "corr(x, conv(k, up(k, 2)), stride=4)",
        """
let k: kernel[c]
corr(corr(x, k, stride=2), k, stride=2)
  = down(corr(down(corr(x, k), 2), k), 2)
  = corr(x, conv(k, up(k, 4)), stride=4)
  = corr(x, conv(up(k, 4), k), stride=4)
""",
    ),
    "unflipped-kernel": (
        5,
        "down(corr(x, conv(k, up(k, 2))), 4)",
        """
let k: kernel[c]
corr(corr(x, k, stride=2), k, stride=2)
  = corr(x, conv(k, up(k, 2)), stride=4)
  = down(conv(x, conv(k, up(k, 2))), 4)
""",
    ),
    "order-of-the-kernels": (
        6,
        "corr(x, conv(k, up(h, s)), stride=t*s)",
        """
let k: kernel[c]
let h: kernel[e]
corr(corr(x, k, stride=s), h, stride=t)
  = down(corr(down(corr(x, k), s), h), t)
  = corr(x, conv(h, up(k, t)), stride=s*t)
""",
    ),
    "a-rectifier-between": (
        4,
        "",
        """
let k: kernel[c]
corr(relu(corr(x, k, stride=2)), k, stride=2)
  = corr(x, conv(k, up(k, 2)), stride=4)
  = down(corr(x, conv(k, up(k, 2))), 4)
""",
    ),
    "padding-every-layer": (
        5,
        "",
        """
let x: signal[N]
let k: kernel[c]
conv1d(conv1d(x, k, stride=2, padding=p), k, stride=2, padding=p)
  = conv1d(x, conv(k, up(k, 2)), stride=4, padding=3*p)
""",
    ),
    "channels-with-a-free-index": (
        7,
        "",
        """
let x: signal[:, :, C]
let w: kernel[-l:l+1, -l:l+1, C, F]
let i: integer
let c: integer
sum(conv(formula(n, m, x[n, m, d]), formula(n, m, w[n, m, d, f]))[i, j] for d in range(C))
  = sum(w[a, b, d, f]*x[i - a, b - j, d - c] for a in range(-l, l+1) for b in range(-l, l+1) for d in range(C))
""",
    ),
    "influence-to-the-left": (
        6,
        "w[-l]",
        """
let x: signal
let w: kernel[-l:l+1]
diff(conv(x, w)[i - l], x[i])
  = sum(w[a]*iverson(i - l - a == i) for a in range(-l, l + 1))
  = w[l]
""",
    ),
    "parameters": (
        5,
        "324",
        """
let x: signal[3, 32, 32]
let w: kernel[12, 3, 3, 3]
params(conv2d(x, w))
  = 144
""",
    ),
    "filtering-after-up-sampling": (
        6,
        "adjoint(down(corr(z, q), s), z, x)",
        """
let z: signal
let x: kernel[N]
let q: kernel[c]
conv(up(x, s), q)
  = adjoint(up(corr(z, q), s), z, x)
""",
    ),
    "correlation-commutes": (
        5,
        "",
        """
let k: kernel[c]
corr(x, k)[n]
  = sum(k[a]*x[n + a] for a in range(c))
  = sum(k[n + b]*x[b] for b in Z)
""",
    ),
    "correlation-associates": (
        3,
        "corr(x, conv(k, h))",
        """
corr(corr(x, k), h)
  = corr(x, corr(k, h))
""",
    ),
    "average-is-the-first-norm": (
        4,
        "",
        """
let x: signal
avg_pool1d(x, 2)
  = lp_pool1d(x, 1, 2)/2
""",
    ),
    "the-adjoint-is-no-inverse": (
        5,
        "",
        """
let x: signal[C, :]
let w: kernel[F, C, c]
conv_transpose1d(conv1d(x, w, stride=2), w, stride=2)
  = x
""",
    ),
    "coprime-unsaid": (
        4,
        "",
        """
down(up(flip(flip(x)), s), t)
  = down(up(x, s), t)
  = up(down(x, t), s)
""",
    ),
}
"""The row of the first wrong step, what mends it (where that is known), and the derivation."""
