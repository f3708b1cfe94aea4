"""The signs of the markup: what each name stands for, how it is set, and how it is said."""

from __future__ import annotations

from studio.gui.formula.tree import Kind

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
    "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ",
    "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ",
    "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip

SIGNS: dict[str, tuple[str, Kind, str]] = {
    "sum": ("∑", "big", "sum"),
    "prod": ("∏", "big", "product"),
    "cdot": ("·", "operator", "times"),
    "times": ("×", "operator", "by"),
    "odot": ("⊙", "operator", "times, number by number,"),
    "star": ("⋆", "operator", "correlated with"),
    "ast": ("∗", "operator", "convolved with"),
    "pm": ("±", "operator", "plus or minus"),
    "le": ("≤", "relation", "is at most"),
    "ge": ("≥", "relation", "is at least"),
    "ne": ("≠", "relation", "is not"),
    "in": ("∈", "relation", "in"),
    "to": ("→", "relation", "to"),
    "gets": ("←", "relation", "becomes"),
    "approx": ("≈", "relation", "is about"),
    "sim": ("∼", "relation", "is distributed as"),
    "dots": ("…", "sign", "and so on"),
    "infty": ("∞", "sign", "infinity"),
    "partial": ("∂", "sign", "partial"),
    "nabla": ("∇", "sign", "the gradient of"),
    "prime": ("′", "sign", "prime"),
    "top": ("T", "text", "transposed"),
}
"""Character, kind and spoken form by name."""

FUNCTIONS = frozenset({"exp", "log", "tanh", "softmax", "erf", "sign", "mean", "var", "dropout", "concat", "flatten"})
"""Names that are set upright."""

LIMITS = {"max": "maximum", "min": "minimum", "argmax": "place of the maximum"}
"""Upright names that take what stands below them as a limit, with their spoken form."""

PLAIN: dict[str, Kind] = {
    **dict.fromkeys("+−±·×⋆∗⊙", "operator"),
    **dict.fromkeys("=<>≤≥≠∈→←≈∼:", "relation"),
    **dict.fromkeys(",;", "punctuation"),
    **dict.fromkeys("/.…∞∂∇′!%", "sign"),
}
"""What a character means that stands for itself."""

REPLACED = {"-": "−", "*": "∗"}
"""What is written on a keyboard for what is printed."""

BRACKETS = {"(": ")", "[": "]", "⌊": "⌋", "⌈": "⌉"}
"""Brackets that are written as they are, with what closes them."""

FENCES = {
    "floor": ("⌊", "⌋"),
    "ceil": ("⌈", "⌉"),
    "abs": ("|", "|"),
    "norm": ("‖", "‖"),
    "set": ("{", "}"),
}
"""Brackets around the argument of a name."""

SPOKEN = {
    "+": "plus", "−": "minus", "=": "equals", "<": "is less than", ">": "is more than", "/": "over", "%": "percent",
    ":": "such that", "!": "factorial", ".": "point",
    **{character: words for character, _, words in SIGNS.values() if character != "T"},
    **{character: name for name, character in GREEK.items()},
}  # fmt: skip
"""How a character is said."""

SPOKEN_FENCES = {
    "⌊": "rounded down",
    "⌈": "rounded up",
    "|": "the size of",
    "‖": "the length of",
    "{": "the set",
    "[": "the row",
}
