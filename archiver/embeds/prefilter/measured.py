"""Orders in which literals are sought fast, as measured on 62 MB of pages: with others a search may take twice the
time, and finds the same. By the first four bytes of what is sought of each (`sought`); they stand in `literals`."""

from __future__ import annotations

ADDRESSES = (
    *(b"a-em", b"PGlm", b"xt-p", b"thre", b"PGJs", b"/i/v", b"ram-", b"teVi", b"tuse", b"wp:c", b"pic.", b"twee"),
    *(b"redd", b"tikt", b"trut", b"fb.w", b"r-tw", b"teTw", b"tus\\", b"blue", b"rm.x", b"wp:e", b"m/em", b"ube-"),
    *(b"[emb", b"at:/", b"bsky", b"r.am", b"oemb", b"eoid", b"r-wi", b"mast", b"l_em", b"legr", b"tus/", b"ifra"),
    *(b"shor", b"/t.m", b"weet", b"ube.", b"[twe", b"a-so", b"ram.", b"tu.b", b"bedl", b"ook.", b"r-vi", b"2Fst"),
    *(b"a-tw",),
)
MAKERS = (
    *(b"a-si", b"//T.", b"kg-v", b"REDD", b"Bloc", b"/STA", b"-twe", b"Twit", b"s9e.", b"borl", b"bbpB", b'"eyJ'),
    *(b"<amp", b";twe", b'"twe', b"Tube", b"r-de", b"-twi", b"-MED", b"_fil", b"r Ad", b"DATA", b">twe", b"=twe"),
    *(b"SWF(", b"jwpl", b"ropo", b"'eyJ", b"Face", b"Fvi%", b"rsta", b"et-l", b"r-em", b"//in", b"TikT", b"<emb"),
    *(b'"loa', b"/ins", b"/tem", b"YouT", b"lj-t", b"oneb", b"ram_", b"Inst", b"</SC", b"lyte", b"2ToD", b"-ply"),
)
SHORT = (
    *(b"'you", b"TWIT", b"=you", b"-EMB", b"(\xe2\x80", b'"you', b"{%", b"o/yo", b"<AMP", b"[yo", b"<TIT", b"[MED"),
    *(b"BLOC", b"(&#", b"FACE", b"YT.P", b"INST", b"[fa", b"<XMP", b"/EMB", b"(@", b"-you", b"<EMB", b"\xef\xbc\x88@"),
    *(b"<SCR", b"{{<", b"<IFR", b"PIC.", b"BSKY", b"[x ", b"MAST", b"YOUT", b"<NOF", b"[tw", b"<OBJ"),
)
