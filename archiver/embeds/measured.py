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
    *(b"ps-y", b"Tube", b"</SC", b"YouT", b"et-l", b"s9e.", b"/ins", b"<emb", b"ropo", b"r Ad", b"Bloc", b">twe"),
    *(b"TikT", b"borl", b"oneb", b"w-yo", b"ram_", b"-you", b"kg-t", b"REDD", b"-twe", b"//T.", b"/STA", b"<amp"),
    *(b"jwpl", b"-MED", b'"loa', b"Inst", b'"lyt', b"a-si", b"/tem", b"ube2", b"SWF(", b"Fvi%", b"lj-t", b"Twit"),
    *(b'"twe', b"-ply", b"DATA", b"w-tw", b"bbpB", b"er2T", b"r-de", b"Face"),
)
SHORT = (
    *(b"<EMB", b"BSKY", b"FACE", b"<OBJ", b"{%", b"<XMP", b"YT.P", b"<TIT", b"[fa", b"[MED", b"<SCR", b"INST"),
    *(b"(&#", b"-you", b"MAST", b"YOUT", b"-EMB", b"BLOC", b"o/yo", b"<AMP", b"[yo", b"(\xe2\x80", b"[tw", b"<IFR"),
    *(b"PIC.", b"[x ", b"TWIT", b"<NOF", b"\xef\xbc\x88@", b'"you', b"{{<", b"(@", b"/EMB"),
)
