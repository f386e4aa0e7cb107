"""Embeds: the places in an article that show a post, one markup form a file.

    find                 the search of one article, from its bytes to its embeds in order
    forms                which forms are tried, and on what
    state/               posts that programs, JSON and attributes name
    shortcodes/          tags that content systems expand, addresses alone on their line
    elements/            HTML in markup of its own, by platform and by maker
    flattened/           running text: who signed it, when, and where the post's words begin
    places, statuses, readers_comments, sighting, align
                         what forms saw, put in order: one embed once, and none of what others wrote
    reading/             tags, pieces that are parsed, the text that a reader sees, Markdown's ways
    prefilter/           bytes first: which articles can hold an embed at all

Each folder knows those below it only.
"""
