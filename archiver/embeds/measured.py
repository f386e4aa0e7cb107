"""Orders in which literals are sought fast, as measured on 62 MB of pages: with others a search may take twice the
time, and finds the same. By the first four bytes of what is sought of each (`sought`); they stand in `literals`."""

from __future__ import annotations

ADDRESSES = (
    *(b"r-tw", b"l_em", b"xt-p", b"thre", b"PGJs", b"wp:c", b"trut", b"ube.", b"tuse", b"a-sh", b"ram.", b"twee"),
    *(b"redd", b"tikt", b"fb.w", b"bsky", b"a-em", b"m/em", b"tus\\", b"blue", b"rm.x", b"wp:e", b"teTw", b"ube-"),
    *(b"teVi", b"at:/", b"ram-", b"r.am", b"oemb", b"eoid", b"r-wi", b"mast", b"PGlm", b"legr", b"tus/", b"ifra"),
    *(b"/i/v", b"[emb", b"weet", b"//t.", b"[twe", b"a-so", b"pic.", b"u.be", b"bedl", b"ook.", b"r-vi", b"2Fst"),
    *(b"a-tw",),
)
MAKERS = (
    *(b"-twe", b"-ply", b"/STA", b">twe", b"TikT", b"-you", b"2ToD", b"ropo", b"'eyJ", b"Tube", b"-MED", b"Twit"),
    *(b"</SC", b'"eyJ', b"et-l", b"w-tw", b'"twe', b"ram_", b"DATA", b"<amp", b"lj-t", b"s9e.", b"r-de", b"borl"),
    *(b'"loa', b"Face", b"r Ad", b"Fvi%", b"oneb", b"a-si", b"//T.", b"/ins", b"bbpB", b"ps-y", b"Inst", b"YouT"),
    *(b"kg-t", b"SWF(", b"Bloc", b"jwpl", b"REDD", b"/tem", b"w-yo", b'"lyt', b"<emb"),
)
SHORT = (
    *(b"<EMB", b"BSKY", b"FACE", b"<OBJ", b"{%", b"<XMP", b"YT.P", b"<TIT", b"[fa", b"[MED", b"<SCR", b"INST"),
    *(b"(&#", b"-you", b"MAST", b"YOUT", b"-EMB", b"BLOC", b"o/yo", b"<AMP", b"[yo", b"(\xe2\x80", b"[tw", b"<IFR"),
    *(b"PIC.", b"[x ", b"TWIT", b"<NOF", b"\xef\xbc\x88@", b'"you', b"{{<", b"(@", b"/EMB"),
)
