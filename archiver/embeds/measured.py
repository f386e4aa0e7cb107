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
    *(b"r Ad", b"Pic.", b"ropo", b"DATA", b"Fvi%", b"w-yo", b'"twe', b"SWF(", b"MAST", b"-MED", b'"loa', b"Twit"),
    *(b"<amp", b"INST", b"//T.", b"oneb", b"kg-t", b"Face", b"ram_", b"REDD", b"-you", b"/STA", b"et-l", b"-ply"),
    *(b"/EMB", b"ube2", b"r-de", b"jwpl", b"lj-t", b"YouT", b"</SC", b"bbpB", b'"lyt', b"Tube", b"/tem", b"<emb"),
    *(b"s9e.", b"w-tw", b"-twe", b"-EMB", b"a-si", b"er2T", b"BLOC", b"TikT", b"ps-y", b">twe", b"/ins", b"borl"),
)
SHORT = (
    *(b"[yo", b"\xef\xbc\x88@", b"-you", b"(@", b"<XMP", b"{%", b"<EMB", b"PIC.", b"<OBJ", b"TWIT", b"[MED", b"<NOF"),
    *(b"[tw", b"o/yo", b"YT.P", b"BSKY", b"{{<", b"(&#", b'"you', b"FACE", b"(\xe2\x80", b"[x ", b"<AMP", b"<IFR"),
    *(b"YOUT", b"<SCR", b"[fa", b"<TIT"),
)
