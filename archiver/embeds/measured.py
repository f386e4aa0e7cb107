"""Orders in which literals are sought fast, as measured on 62 MB of pages: with others a search may take twice the
time, and finds the same. By the first four bytes of what is sought of each (`sought`); they stand in `hints`."""

from __future__ import annotations

LITERALS = (
    *(b"r-wi", b"2Fst", b"u.be", b"at:/", b"redd", b"tuse", b"l_em", b"a-so", b"ram.", b"wp:e", b"weet", b"//t."),
    *(b"PGJs", b"[emb", b"ube.", b"teTw", b"r-vi", b"mast", b"twee", b"tus/", b"ram-", b"[twe", b"m/em", b"a-em"),
    *(b"ook.", b"thre", b"trut", b"r-tw", b"PGlm", b"legr", b"/i/v", b"fb.w", b"rm.x", b"bsky", b"r.am", b"tus\\"),
    *(b"bedl", b"xt-p", b"eoid", b"a-sh", b"pic.", b"wp:c", b"tikt", b"a-tw", b"ifra", b"oemb", b"ube-", b"teVi"),
    *(b"blue"),
)
MAKERS = (
    *(b"/ins", b"oneb", b'"twe', b"bbpB", b"ram_", b"s9e.", b"SWF(", b"kg-t", b"jwpl", b"w-yo", b"Tube", b"et-l"),
    *(b"/tem", b"r Ad", b"er2T", b"TikT", b"-you", b"ube2", b'"loa', b"ropo", b"ps-y", b"Fvi%", b"w-tw", b"lj-t"),
    *(b"borl", b"a-si", b"r-de"),
)
WORDS = (
    *(b"(\xe2\x80", b"{%", b"[fa", b"YT.P", b"\xef\xbc\x88@", b"[yo", b'"you', b"o/yo", b"(@", b"(&#", b"[MED", b"[tw"),
    *(b"[x ", b"{{<", b"-you", b"[fus", b"[ins", b"{you", b"yt.p", b"[med"),
)
