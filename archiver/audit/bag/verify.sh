#!/bin/sh
# Checks this bag with stock tools: a POSIX shell with awk, sed, sort and their like, sha256sum or shasum, and openssl.
#
#   sh data/verify.sh [--trust FINGERPRINT] [--held CHECKPOINT] [BAG]
#
# Exit 0: verified. 1: tampered with; the step is named. 2: not fully checked, or wrongly called.
# A verifier that lies in the bag could be tampered with too: whoever doubts takes verify.sh from elsewhere.

# No "set -e": it does not stop at "cmp && echo ok". Each check below says for itself what happens when it fails.
set -u
LC_ALL=C
export LC_ALL
umask 077

usage() {
    echo "usage: sh verify.sh [--trust FINGERPRINT] [--held CHECKPOINT] [BAG]" >&2
    exit 2
}

trust= held= bag= code=0
while [ $# -gt 0 ]; do
    case $1 in
    --trust) [ $# -gt 1 ] || usage; trust=$2; shift 2 ;;
    --held) [ $# -gt 1 ] || usage; held=$2; shift 2 ;;
    -*) usage ;;
    *) [ -z "$bag" ] || usage; bag=$1; shift ;;
    esac
done
[ -n "$bag" ] || bag=$(dirname "$0")/..
if [ -n "$held" ]; then
    [ -f "$held" ] && [ -r "$held" ] || { echo "verify.sh: $held: cannot be read" >&2; exit 2; }
fi
for tool in awk sed sort comm cmp cut find tail head wc grep uniq xargs split paste join tr mktemp; do
    command -v $tool >/dev/null 2>&1 || { echo "verify.sh: $tool is not here" >&2; exit 2; }
done
[ "$(printf 'a1\n' | awk '{ print substr($0, 2) }' 2>/dev/null)" = 1 ] || { echo "verify.sh: awk does not work" >&2; exit 2; }
tmp=$(mktemp -d "${TMPDIR:-/tmp}/verify.XXXXXX") || exit 2
trap 'rm -rf "$tmp"' EXIT
trap 'exit 2' HUP INT TERM
[ -z "$held" ] || cp "$held" "$tmp/held" || exit 2
cd "$bag" 2>/dev/null || { echo "verify.sh: $bag: no such folder" >&2; exit 2; }
[ -f bagit.txt ] || { echo "verify.sh: $bag: no bag" >&2; exit 2; }

broken() {
    echo "verify.sh: cannot work in $tmp (is the disk full?)" >&2
    exit 2
}
# Where there is no room to work, nothing was found: neither "ok" nor "tampered with" may be said.
probe() {
    head -c 65536 /dev/zero >"$tmp/probe" && [ "$(wc -c <"$tmp/probe" | tr -d ' ')" = 65536 ] && rm "$tmp/probe" || broken
}
passed() {
    probe
    printf 'ok          %s: %s\n' "$1" "$2"
}
skipped() { printf 'not checked %s: %s\n' "$1" "$2"; }
fail() {
    probe
    printf 'FAILED      %s: %s\nTAMPERED WITH\n' "$1" "$2"
    exit 1
}

if [ "$(printf abc | sha256sum 2>/dev/null | cut -c1-8)" = ba7816bf ]; then
    sums() { sha256sum "$@"; }
elif [ "$(printf abc | shasum -a 256 2>/dev/null | cut -c1-8)" = ba7816bf ]; then
    sums() { shasum -a 256 "$@"; }
else
    echo "verify.sh: neither sha256sum nor shasum is here" >&2
    exit 2
fi
sum_of() { sums <"$1" | cut -c1-64; }
# Sums of all files of a folder, in the order of their names, 500 at a time.
sums_in() (
    cd "$1" || exit 1
    if command -v sha256sum >/dev/null 2>&1; then ls | xargs -n 500 sha256sum; else ls | xargs -n 500 shasum -a 256; fi |
        cut -c1-64
)
if [ "$(printf 'aGk=' | base64 -d 2>/dev/null)" = hi ]; then
    decode() { base64 -d; }
elif [ "$(printf 'aGk=' | base64 -D 2>/dev/null)" = hi ]; then
    decode() { base64 -D; }
else
    decode() { openssl base64 -d -A; }
fi
encode() { openssl base64 -A <"$1"; }

# pem BASE64 > FILE: a public key out of its 32 raw bytes.
pem() { printf -- '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA%s\n-----END PUBLIC KEY-----\n' "$1"; }
# is_signed KEY.pem SIGNATURE FILE
is_signed() {
    openssl pkeyutl -verify -rawin -pubin -inkey "$1" -sigfile "$2" -in "$3" >/dev/null 2>&1
}
# Whether this openssl can verify Ed25519 at all (the second vector of RFC 8032, section 7.1): others refuse everything.
pem PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw= >"$tmp/vector.pem"
printf '%s' kqAJqfDUyrhyDoILX2QlQKKye1QWUD+Ps3YiI+vbadoIWsHkPhWZbkWPNhPQ8R2MOHsurrQwKu6wDSkWErsMAA== | decode >"$tmp/vector.sig"
printf 'r' >"$tmp/vector"
printf 's' >"$tmp/other"
openssl_can=no
if is_signed "$tmp/vector.pem" "$tmp/vector.sig" "$tmp/vector" &&
    ! is_signed "$tmp/vector.pem" "$tmp/vector.sig" "$tmp/other"; then
    openssl_can=yes
fi
cannot="signature not checked: this openssl cannot verify Ed25519 (OpenSSL 3 can); verify.py needs none"

# ---- files ----------------------------------------------------------------------------------------------------------
step=files
for name in bagit.txt bag-info.txt manifest-sha256.txt tagmanifest-sha256.txt data/statement.txt; do
    [ -f "$name" ] || fail $step "$name is missing"
done
[ -z "$(find . ! -type d ! -type f)" ] || fail $step "something is there that is neither file nor folder"
[ -z "$(grep -v -E '^[0-9a-f]{64}  data/[A-Za-z0-9._/-]+$' manifest-sha256.txt)" ] ||
    fail $step "manifest-sha256.txt holds a line that is none of a manifest"
cut -c67- manifest-sha256.txt >"$tmp/names" || broken
[ -z "$(grep '[.][.]' "$tmp/names")" ] || fail $step "manifest-sha256.txt leads out of the bag"
[ -z "$(sort "$tmp/names" | uniq -d)" ] || fail $step "manifest-sha256.txt lists a file twice"
for name in README.txt batches.jsonl contents.jsonl deleted-gone-before-first-look.csv deleted.csv events.jsonl \
    ledger.jsonl observations.jsonl posts.jsonl report.html statement.txt verify.py verify.sh; do
    grep -q -x "data/$name" "$tmp/names" || fail $step "data/$name is missing from the manifest"
done
tags=
for name in bag-info.txt bagit.txt manifest-sha256.txt manifest-sha256.txt.sig; do
    [ ! -f "$name" ] || tags="$tags $name"
done
{ cat "$tmp/names"; printf '%s\n' $tags tagmanifest-sha256.txt; } | sort >"$tmp/listed" || broken
find . -type f | sed 's|^[.]/||' | sort >"$tmp/found" || broken
comm -23 "$tmp/listed" "$tmp/found" >"$tmp/missing" || broken
[ ! -s "$tmp/missing" ] || fail $step "$(head -n 1 "$tmp/missing") is missing"
comm -13 "$tmp/listed" "$tmp/found" >"$tmp/more" || broken
[ ! -s "$tmp/more" ] || fail $step "a file is there that the manifest does not list"
# A file that is there and cannot be read accuses nobody.
while read -r name; do
    [ -r "$name" ] || { echo "verify.sh: $name: cannot be read" >&2; exit 2; }
done <"$tmp/listed"
if command -v sha256sum >/dev/null 2>&1; then xargs -n 500 sha256sum <"$tmp/names"; else xargs -n 500 shasum -a 256 <"$tmp/names"; fi >"$tmp/sums"
cmp -s "$tmp/sums" manifest-sha256.txt || fail $step "a file is not the one that the manifest lists: $(
    comm -13 "$tmp/sums" manifest-sha256.txt 2>/dev/null | head -n 1 | cut -c67-)"
printf 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n' | cmp -s - bagit.txt ||
    fail $step "bagit.txt is not that of a bag of ours"
sums $tags | cmp -s - tagmanifest-sha256.txt || fail $step "tagmanifest-sha256.txt does not list the files beside it"
cmp -s bag-info.txt data/statement.txt || fail $step "bag-info.txt does not say what data/statement.txt says"
told() { sed -n "s/^$1: //p" data/statement.txt; }
passed $step "$(wc -l <"$tmp/names" | tr -d ' ') files, each the one that the manifest lists, and no other"

# ---- signature ------------------------------------------------------------------------------------------------------
step=signature
signer=$(told Signed-By)
keys=data/checkpoints/keys
if [ "$signer" = nobody ] && [ ! -f manifest-sha256.txt.sig ]; then
    skipped $step "nobody signed this bag: whoever exported it had no key, and anybody can make such a manifest"
    code=2
else
    printf '%s\n' "$signer" | grep -q -x -E 'sha256:[0-9a-f]{64}' && [ -f manifest-sha256.txt.sig ] ||
        fail $step "the signature of the manifest is missing, or nobody is named who made it"
    key=$keys/${signer#sha256:}.pem
    [ -f "$key" ] || fail $step "$key is missing"
    public=$(sed -n '2s/^MCowBQYDK2VwAyEA//p' "$key")
    pem "$public" | cmp -s - "$key" && [ "sha256:$(printf '%s' "$public" | decode 2>/dev/null | sums | cut -c1-64)" = "$signer" ] ||
        fail $step "$key is not the key that its name says"
    if [ $openssl_can = no ]; then
        skipped $step "$cannot"
        code=2
    elif is_signed "$key" manifest-sha256.txt.sig manifest-sha256.txt; then
        passed $step "the manifest is signed by $signer"
    else
        fail $step "the manifest was not signed by $signer"
    fi
fi

# ---- chain ----------------------------------------------------------------------------------------------------------
step=chain
ledger=data/ledger.jsonl
[ ! -s $ledger ] || [ "$(tail -c 1 $ledger | wc -l | tr -d ' ')" = 1 ] || fail $step "ledger.jsonl ends within a line"
mkdir "$tmp/lines"
split -a 7 -l 1 $ledger "$tmp/lines/" || broken
sums_in "$tmp/lines" >"$tmp/heads" || broken
rm -r "$tmp/lines"
sed -n 's/.*"number":\([0-9]*\),.*/\1/p' $ledger | awk '$0 != NR { exit 1 }' || fail $step "the lines are not numbered one by one"
sed 's/.*"previous":"sha256:\([0-9a-f]*\)".*/\1/' $ledger >"$tmp/previous" || broken
{ printf '%064d\n' 0; sed '$d' "$tmp/heads"; } >"$tmp/before" || broken
cmp -s "$tmp/previous" "$tmp/before" || fail $step "line $(
    awk 'NR == FNR { a[NR] = $0; next } a[FNR] != $0 { print FNR; exit }' "$tmp/previous" "$tmp/before") does not follow the line before it"
lines=$(wc -l <"$tmp/heads" | tr -d ' ')
[ "$(told Ledger-Lines)" = "$lines" ] || fail $step "the ledger has $lines lines, and the bag says otherwise"
passed $step "$lines lines, each bound to the one before it"

# ---- keys -----------------------------------------------------------------------------------------------------------
step=keys
grep '"kind":"key"' $ledger >"$tmp/key_lines"
: >"$tmp/keys"
last=none orphans=
field() { printf '%s\n' "$line" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }
while IFS= read -r line; do
    number=$(printf '%s\n' "$line" | sed -n 's/.*"number":\([0-9]*\),.*/\1/p')
    public=$(field public) key=$(field key) before=$(field before)
    printf '%s' "$public" | decode >"$tmp/raw" 2>/dev/null
    printf 'embed-archiver/%s\nkey\n%s\n%s\n%s\n' "$(field origin)" "${before:-none}" "$key" "$(field at)" >"$tmp/said"
    [ "sha256:$(sum_of "$tmp/raw")" = "$key" ] && [ "${before:-none}" = "$last" ] ||
        fail $step "line $number brings in a key that is not what it says"
    pem "$public" >"$tmp/${key#sha256:}.pem"
    cmp -s "$tmp/${key#sha256:}.pem" "$keys/${key#sha256:}.pem" || fail $step "the bag does not hold the key of line $number"
    if [ $openssl_can = yes ]; then
        printf '%s' "$(field signature)" | decode >"$tmp/own" 2>/dev/null
        is_signed "$tmp/${key#sha256:}.pem" "$tmp/own" "$tmp/said" ||
            fail $step "line $number brings in a key that did not sign for itself"
        if [ "$last" != none ]; then
            old=$(field signature_before)
            printf '%s' "$old" | decode >"$tmp/old" 2>/dev/null
            if ! is_signed "$tmp/${last#sha256:}.pem" "$tmp/old" "$tmp/said"; then
                [ -z "$old" ] && printf '%s\n' "$line" | grep -q -E '"lost":(1|true)' ||
                    fail $step "line $number: the key before did not sign for the new one"
                orphans="$orphans $key"
            fi
        fi
    fi
    last=$key
    printf '%s %s\n' "$number" "$key" >>"$tmp/keys"
done <"$tmp/key_lines"
[ "$(ls $keys 2>/dev/null | grep -c '[.]pem$')" = "$(wc -l <"$tmp/keys" | tr -d ' ')" ] ||
    fail $step "the keys of the bag are not those that the ledger names"
[ "$signer" = nobody ] || [ "$signer" = "$last" ] || fail $step "the manifest is not signed by the newest key of the ledger"
if [ $openssl_can = yes ]; then passed $step "keys named by the ledger: $(wc -l <"$tmp/keys" | tr -d ' ')"; else skipped $step "$cannot"; fi

# ---- checkpoints ----------------------------------------------------------------------------------------------------
# check_note FILE NAME: a note is signed by the key of its time, and the ledger says what it says.
check_note() {
    origin=$(sed -n '1s|^embed-archiver/||p' "$1") covers=$(sed -n 2p "$1") head=$(sed -n 3p "$1") at=$(sed -n 4p "$1")
    named=$(sed -n '6s/^[^ ]* \(sha256:[0-9a-f]*\) .*$/\1/p' "$1") signed=$(sed -n '6s/^.* //p' "$1")
    printf 'embed-archiver/%s\n%s\n%s\n%s\n' "$origin" "$covers" "$head" "$at" >"$tmp/text"
    printf '%s' "$signed" | decode >"$tmp/signature" 2>/dev/null
    { cat "$tmp/text"; printf '\n\342\200\224 %s %s\n' "$named" "$signed"; } | cmp -s - "$1" &&
        printf '%s\n' "$covers" | grep -q -x -E '[1-9][0-9]{0,15}' &&
        printf '%s\n' "$head" | grep -q -x -E 'sha256:[0-9a-f]{64}' &&
        printf '%s\n' "$at" | grep -q -x -E '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{6}Z' &&
        [ "$(encode "$tmp/signature")" = "$signed" ] && [ "$(wc -c <"$tmp/signature" | tr -d ' ')" = 64 ] ||
        fail $step "$2 is no signed checkpoint"
    grep -q " $named\$" "$tmp/keys" || fail $step "$2 is signed by a key that the ledger does not name"
    [ "$(awk -v covers="$covers" '$1 <= covers + 0 { key = $2 } END { print key }' "$tmp/keys")" = "$named" ] ||
        fail $step "$2 is signed by a key that did not sign then"
    if [ $openssl_can = yes ]; then
        is_signed "$tmp/${named#sha256:}.pem" "$tmp/signature" "$tmp/text" || fail $step "$2 has a bad signature"
    fi
    [ "$covers" -le "$lines" ] || fail $step "$2 covers $covers lines: the end of the ledger was cut off"
    [ "sha256:$(sed -n "${covers}p" "$tmp/heads")" = "$head" ] ||
        fail $step "line $covers of the ledger is not the one that $2 names"
}
step=checkpoints newest=0 newest_head=none
for note in data/checkpoints/*.txt; do
    [ -f "$note" ] || continue
    check_note "$note" "$(basename "$note")"
    [ "$origin" = "$(told Archive-Origin)" ] || fail $step "$(basename "$note") is a checkpoint of another archive"
    if [ "$covers" -ge $newest ]; then newest=$covers newest_head=$head; fi
done
[ "$(told Checkpoint-Lines)" = "$newest" ] && [ "$(told Checkpoint-Head)" = "$newest_head" ] ||
    fail $step "the newest checkpoint is not the one that the bag names"
if [ "$newest" = 0 ]; then
    skipped $step "there is no checkpoint: nobody vouches for the ledger"
    code=2
elif [ $openssl_can = no ]; then
    skipped $step "$cannot"
    code=2
else
    passed $step "the newest covers $newest lines; $((lines - newest)) came after it"
fi

# ---- trust, held ----------------------------------------------------------------------------------------------------
step=trust
if [ -z "$trust" ]; then
    skipped $step "whose key this is was not checked: compare it with the one published elsewhere, by --trust FINGERPRINT"
    code=2
else
    grep -q -F -x "$trust" <<END || fail $step "no key of this bag is the one that is trusted"
$(cut -d' ' -f2 "$tmp/keys")
END
    for key in $(awk -v trust="$trust" 'seen { print $2 } $2 == trust { seen = 1 }' "$tmp/keys"); do
        case " $orphans " in *" $key "*) fail $step "the key $key was brought in without the signature of the key before it" ;; esac
    done
    if [ $openssl_can = yes ]; then passed $step "the keys of the bag lead back to $trust"; else skipped $step "$cannot"; fi
fi
step=held
if [ -z "$held" ]; then
    skipped $step "no checkpoint kept elsewhere was given (--held FILE): with the key stolen, the end could have been cut off"
else
    check_note "$tmp/held" "the held checkpoint"
    if [ $openssl_can = yes ]; then
        passed $step "the ledger still holds the $covers lines that the held checkpoint covers"
    else
        skipped $step "$cannot"
    fi
fi

# ---- contents -------------------------------------------------------------------------------------------------------
step=contents
contents=data/contents.jsonl
profile=$(told Profile)
sed -n 's/^{"commitment":"sha256:\([0-9a-f]*\)","content":\([0-9]*\),"opening":"\([A-Za-z0-9+/=]*\)"}$/\2 \1 \3/p' $contents >"$tmp/opened" || broken
sed -n 's/^{"commitment":"sha256:\([0-9a-f]*\)","content":\([0-9]*\)}$/\2 \1/p' $contents >"$tmp/closed" || broken
sed -n 's/^{"content":\([0-9]*\),"removed":"[a-z_]*","removed_by":\([0-9]*\)}$/\1 \2/p' $contents >"$tmp/removed" || broken
[ "$(cat "$tmp/opened" "$tmp/closed" "$tmp/removed" | wc -l)" -eq "$(wc -l <$contents)" ] ||
    fail $step "contents.jsonl holds a line that is no content"
sed 's/.*"content":\([0-9]*\).*/\1/' $contents | awk '$0 + 0 <= last { exit 1 } { last = $0 + 0 }' ||
    fail $step "contents.jsonl is not in order"
if [ "$profile" = public ]; then
    [ ! -s "$tmp/opened" ] || fail $step "a public bag opens a commitment"
else
    [ ! -s "$tmp/closed" ] || fail $step "a content is not opened"
fi
mkdir "$tmp/encoded" "$tmp/decoded" "$tmp/c"
cut -d' ' -f3 "$tmp/opened" | split -a 7 -l 1 - "$tmp/encoded/" || broken
for file in "$tmp/encoded"/*; do
    [ -f "$file" ] || continue
    decode <"$file" >"$tmp/decoded/${file##*/}" 2>/dev/null
done
probe
rm -r "$tmp/encoded"
if [ -s "$tmp/opened" ]; then
    sums_in "$tmp/decoded" >"$tmp/committed"
    cut -d' ' -f2 "$tmp/opened" | cmp -s - "$tmp/committed" ||
        fail $step "content $(paste -d' ' "$tmp/opened" "$tmp/committed" | awk '$2 != $4 { print $1; exit }') is not what was committed to"
fi
# The lines that removed them, each once.
number=$(awk -v removed_file="$tmp/removed" -v removing_file="$tmp/removing" '
    BEGIN { printf "" >removing_file }
    FILENAME == removed_file { if (!($2 in gone)) gone[$2] = $1; next }
    (FNR in gone) && /"kind":"(redaction|thinning)"/ { print >removing_file; delete gone[FNR] }
    END { for (by in gone) { print gone[by]; exit 1 } }' "$tmp/removed" $ledger) || {
    [ -n "$number" ] || broken
    fail $step "content $number is gone, and no line of the ledger says why"
}
passed $step "$(wc -l <"$tmp/opened" | tr -d ' ') commitments opened, $(wc -l <"$tmp/removed" | tr -d ' ') contents removed by lines of the ledger"

# ---- records --------------------------------------------------------------------------------------------------------
# Lines of the ledger stand in records word for word, and JSON contents too: inside a JSON string every quote has a
# backslash before it, so what is looked for below cannot stand in one.
step=records
awk '{
    rest = $0
    while ((at = index(rest, "\"line\":{")) > 0) {
        rest = substr(rest, at + 7)
        end = index(rest, "}")
        print substr(rest, 1, end)
        rest = substr(rest, end + 1)
    }
}' data/batches.jsonl data/events.jsonl data/observations.jsonl data/posts.jsonl | sort -u >"$tmp/nested" || broken
sort $ledger >"$tmp/sorted" || broken
comm -23 "$tmp/nested" "$tmp/sorted" >"$tmp/unknown" || broken
[ ! -s "$tmp/unknown" ] || fail $step "a record holds a line that the ledger does not have"

# The bytes of the contents that records repeat, each in a file of its number.
sed -n 's/.*"content":/&/p' data/events.jsonl data/observations.jsonl data/posts.jsonl | awk '{
    rest = $0
    while (match(rest, /"content":[0-9]+/)) {
        print substr(rest, RSTART + 10, RLENGTH - 10)
        rest = substr(rest, RSTART + RLENGTH)
    }
}' | sort -u >"$tmp/said" || broken
cut -d' ' -f1 "$tmp/opened" >"$tmp/numbers" || broken
ls "$tmp/decoded" | paste -d' ' "$tmp/numbers" - | sort | join - "$tmp/said" >"$tmp/places" || broken
while read -r number file; do
    [ -z "$file" ] || tail -c +33 "$tmp/decoded/$file" >"$tmp/c/$number"
done <"$tmp/places"
probe
rm -r "$tmp/decoded"

cat >"$tmp/records.awk" <<'END'
# Arguments: ledger lines that removed contents, contents.jsonl, then events.jsonl, observations.jsonl or posts.jsonl.
function wrong(what) { print what; exit 1 }
function field(line, name) {
    if (!match(line, "\"" name "\":\"[^\"]*\"")) return ""
    return substr(line, RSTART + length(name) + 4, RLENGTH - length(name) - 5)
}
function number_in(text, name) {
    if (!match(text, "\"" name "\":[0-9]+")) return ""
    return substr(text, RSTART + length(name) + 3, RLENGTH - length(name) - 3)
}
function claim(number, commitment, what) {
    if (number == "" || commitment == "") wrong(what " names no content")
    if (number in commitments) {
        if (commitments[number] != commitment) wrong(what " is not the content that the ledger commits to")
    } else if (!(number in removed) || index(removing[removed[number]], commitment) == 0)
        wrong(what " is not the content that the ledger commits to")
}
function picture(line,   told, parts, i, n) {
    claim(address, field(line, "address"), "the address of a picture")
    if (kept_content != "" || index(line, "\"content\":\"")) claim(kept_content, field(line, "content"), "a picture")
    n = split(field(line, "exchange"), told, " ")
    if (split(fetched, parts, ",") != n) wrong("the exchange of a picture is not the one of its line")
    for (i = 1; i <= n; i++) claim(parts[i], told[i], "the exchange of a picture")
    kept_content = ""; fetched = ""
}
function unsaid() {
    if (open != "" && profile != "public" && !(open in removed)) wrong("what content " open " says is left out")
    open = ""
}
FILENAME == removing_file { if (match($0, /"number":[0-9]+/)) removing[substr($0, RSTART + 9, RLENGTH - 9)] = $0; next }
FILENAME == contents_file {
    number = number_in($0, "content")
    if (index($0, "\"removed_by\"")) removed[number] = number_in($0, "removed_by")
    else commitments[number] = field($0, "commitment")
    next
}
{
    rest = $0; open = ""; context = ""; words = ""; address = ""; asked = 0; look = ""; subject = ""
    kept_content = ""; fetched = ""
    while (match(rest, /"(address|kept)_content":[0-9]+|"exchange_contents":\[[0-9,]*\]|"(context|words)":[{]"content":[0-9]+|"content":[0-9]+|"contents":\[[0-9,]*\]|"subject_content":[0-9]+|"line":[{][^}]*[}]|"said":[{]/)) {
        found = substr(rest, RSTART, RLENGTH)
        rest = substr(rest, RSTART + RLENGTH)
        if (found ~ /^"said"/) {
            if (open == "" || !(open in commitments)) wrong("a record says what no content says")
            file = folder "/" open; text = ""
            if ((getline text < file) != 1) wrong("content " open " is not there")
            close(file)
            if ("{" substr(rest, 1, length(text) - 1) != text) wrong("a record does not say what content " open " says")
            rest = substr(rest, length(text)); open = ""
        } else if (found ~ /^"contents"/) {
            exchange[++asked] = substr(found, 13, length(found) - 13)
        } else if (found ~ /^"address_content"/) address = number_in(found, "address_content")
        else if (found ~ /^"kept_content"/) kept_content = number_in(found, "kept_content")
        else if (found ~ /^"exchange_contents"/) fetched = substr(found, 22, length(found) - 22)
        else if (found ~ /^"subject_content"/) subject = number_in(found, "subject_content")
        else if (found ~ /^"line"/) {
            kind = field(found, "kind")
            if (kind == "observation") look = found
            else if (kind == "embed") { claim(context, field(found, "context"), "the words around an embed"); words = field(found, "words") }
            else if (kind == "media") picture(found)
            else if (kind ~ /^(redacted|hold|hold_end|incident_acceptance)$/)
                claim(open, field(found, "words"), "what a line of kind " kind " tells of")
            else if (kind == "capture") claim(address, field(found, "address"), "a capture")
            else if (kind == "article_read" || kind == "quotation_cut" || (kind == "identification" && open != ""))
                claim(open, field(found, "content"), "what a line of kind " kind " tells of")
        } else {
            unsaid()
            open = number_in(found, "content")
            if (found ~ /^"context"/) context = open
            if (found ~ /^"words"/) { claim(open, words, "what an article prints"); words = "" }
        }
    }
    unsaid()
    if (words != "") wrong("what an article prints is left out")
    if (look != "") {
        kept = ""
        for (i = 1; i <= asked; i++) {
            n = split(exchange[i], parts, ","); one = ""
            for (k = 1; k <= n; k++) {
                if (parts[k] in commitments) one = one (k > 1 ? " " : "") commitments[parts[k]]
                else if (parts[k] in removed) {
                    # What was removed: the line of the look itself tells its commitment.
                    split(look, quoted, "\"exchanges\":\\["); split(quoted[2], each, "\""); split(each[2 * i], told, " ")
                    claim(parts[k], told[k], "an exchange"); one = one (k > 1 ? " " : "") told[k]
                } else wrong("an exchange names a content that is not there")
            }
            kept = kept (i > 1 ? "," : "") "\"" one "\""
        }
        if (index(look, "\"exchanges\":[" kept "]") == 0) wrong("the exchanges of look " number_in(look, "observation") " are not those of its line")
        if (subject != "") claim(subject, field(look, "subject"), "the subject of a look")
    } else if (asked > 0) wrong("a record without a line")
}
END
for name in events observations posts; do
    wrong=$(awk -v profile="$profile" -v folder="$tmp/c" -v removing_file="$tmp/removing" -v contents_file=$contents \
        -f "$tmp/records.awk" "$tmp/removing" $contents data/$name.jsonl) || fail $step "${wrong:-$name.jsonl cannot be read}"
done
passed $step "$(wc -l <data/observations.jsonl | tr -d ' ') looks and $(wc -l <data/posts.jsonl | tr -d ' ') posts agree with the ledger"

# ---- complete, counts -----------------------------------------------------------------------------------------------
cat >"$tmp/complete.awk" <<'END'
# Arguments: nested lines, posts.jsonl, ledger.jsonl, statement.txt.
function wrong(step, what) { print step ": " what; failed = 1; exit 1 }
function field(line, name) {
    if (!match(line, "\"" name "\":\"[^\"]*\"")) return ""
    return substr(line, RSTART + length(name) + 4, RLENGTH - length(name) - 5)
}
function number_in(text, name) {
    if (!match(text, "\"" name "\":[0-9]+")) return ""
    return substr(text, RSTART + length(name) + 3, RLENGTH - length(name) - 3)
}
function list_in(text, name) {
    if (!match(text, "\"" name "\":\\[[^]]*\\]")) return ""
    return substr(text, RSTART + length(name) + 4, RLENGTH - length(name) - 5)
}
function standing_of(text) { return field(text, "state") "/" field(text, "grade") "/" field(text, "interval_left") "/" field(text, "interval_right") }
function belongs(line, kind,   of) {
    if (kind == "observation") {
        of = field(line, "subject_kind")
        if (of == "control") return (number_in(line, "batch") in batches)
        if (of == "post") return (number_in(line, "subject") in names)
        return (field(line, "subject") in authors)
    }
    if (kind ~ /^(verdict|embed|identification|capture|media|redacted|hold)$/) return (number_in(line, "post") in names)
    if (kind ~ /^(incident|stream_gap|control)$/) return (field(line, "platform") in platforms)
    if (kind ~ /^incident_(end|recovery|acceptance)$/) return (number_in(line, "incident") in incidents)
    if (kind == "hold_end") return (number_in(line, "hold") in holds)
    if (kind == "quotation_cut" || kind == "embed_closed") return (number_in(line, "embed") in embeds)
    return kind == "joined" && ((number_in(line, "post") in names) || (number_in(line, "into") in names))
}
FILENAME == nested_file {
    kind = field($0, "kind"); nested[number_in($0, "number")] = 1
    if (kind == "batch") { batches[number_in($0, "batch")] = 1; platforms[field($0, "platform")] = 1 }
    if (kind == "incident") incidents[number_in($0, "incident")] = 1
    if (kind ~ /^hold/) holds[number_in($0, "hold")] = 1
    if (kind == "embed") embeds[number_in($0, "embed")] = 1
    if (kind == "observation") { looks[number_in($0, "observation")] = 1; batch_of[number_in($0, "batch")] = 1 }
    if (kind == "observation" && match($0, /"basis":[0-9]+/)) needed[number_in($0, "basis")] = 1
    if (kind == "verdict") { n = split(list_in($0, "rests_on"), parts, ","); for (i = 1; i <= n; i++) needed[parts[i]] = 1 }
    next
}
FILENAME == posts_file {
    n = split(list_in($0, "names"), parts, ",")
    for (i = 1; i <= n; i++) names[parts[i]] = 1
    if (!match($0, /"standing":[{][^}]*[}]/)) wrong("records", "a post without standing")
    stands = substr($0, RSTART, RLENGTH); standing[parts[1]] = standing_of(stands); held[field(stands, "state")]++
    n = split(list_in($0, "author_subjects"), parts, ",")
    for (i = 1; i <= n; i++) authors[substr(parts[i], 2, length(parts[i]) - 2)] = 1
    next
}
FILENAME == ledger_file && FNR == 1 {
    for (each in batch_of) if (!(each in batches)) wrong("records", "the batch of a look is missing")
    for (each in needed) if (!(each in looks)) wrong("records", "look " each ", on which others rest, is missing")
}
FILENAME == ledger_file {
    kind = field($0, "kind"); number = number_in($0, "number")
    if (!(number in nested) && belongs($0, kind)) wrong("complete", "line " number " belongs to the bag and was left out of it")
    if (kind == "embed" && (post = number_in($0, "post")) != "" && !(post in known)) { known[post] = "unknown"; given[post] = "unknown///" }
    if (kind == "verdict") { post = number_in($0, "post"); known[post] = field($0, "state"); given[post] = standing_of($0) }
    if (kind == "joined") joined[number_in($0, "post")] = 1
    next
}
FILENAME == statement_file && FNR == 1 {
    for (post in standing) if (standing[post] != given[post]) wrong("records", "p" post " does not stand as its last verdict says")
}
FILENAME == statement_file {
    if ($0 ~ /^Filter: /) whole = 1
    if ($0 !~ /^Posts-/) next
    if (!counted++) for (post in known) if (!(post in joined)) archived[known[post]]++
    label = substr($0, 7, index($0, ":") - 7); a = archived[label] + 0; b = held[label] + 0
    if (substr($0, index($0, ":") + 2) != "archive=" a " bag=" b " left-out=" (a - b)) wrong("counts", "Posts-" label " is counted otherwise than the bag says")
    if (whole && a != b) wrong("counts", "posts are left out, and the bag says that none is")
    stated[label] = 1
}
END {
    if (failed) exit 1
    if (!counted) { print "counts: the bag states no counts"; exit 1 }
    for (label in held) if (!(label in stated)) { print "counts: posts of a state that is not stated"; exit 1 }
}
END
wrong=$(awk -v nested_file="$tmp/nested" -v posts_file=data/posts.jsonl -v ledger_file=$ledger \
    -v statement_file=data/statement.txt -f "$tmp/complete.awk" \
    "$tmp/nested" data/posts.jsonl $ledger data/statement.txt) || {
    [ -n "$wrong" ] || wrong="records: cannot be read"
    fail "${wrong%%: *}" "${wrong#*: }"
}
passed complete "every line about these posts, their authors and the controls beside them is in the bag"
for name in batches events observations posts contents; do
    [ "$(told "Rows-$name.jsonl")" = "$(wc -l <data/$name.jsonl | tr -d ' ')" ] || fail counts "$name.jsonl has other rows than the bag says"
done
# What a table says of a post is what posts.jsonl says of it. A text has the same bytes in both, but for these: JSON
# writes newlines, quotes and backslashes with a backslash, CSV doubles quotes, the awk of macOS takes a newline for
# what `split` parts at, and can hold no NUL. They are compared as \374, \375, \376 and \377: UTF-8 has none of these.
cat >"$tmp/table.awk" <<'END'
# Arguments: a table, then posts.jsonl. Prints the number of rows, or what is wrong.
function wrong(step, what) { print step ": " what; failed = 1; exit 1 }
# Gathered twice, so that a text of a million newlines or quotes takes no square of time.
function joined(parts, first, last, step, sign,   whole, piece) {
    for (whole = parts[first]; first < last; first += step) {
        piece = piece sign parts[first + step]
        if (length(piece) > 2000) { whole = whole piece; piece = "" }
    }
    return whole piece
}
# Takes a row into cell[]; returns how many cells it has, 0 where not all of them are quoted.
function cells_of(row,   parts, n, i, first, count) {
    if (substr(row, length(row)) == "\r") row = substr(row, 1, length(row) - 1)
    n = split(row, parts, "\"")
    if (n % 2 == 0 || parts[1] != "") return 0
    for (i = 2; i < n; i += 2) {
        for (first = i; parts[i + 1] == "" && i + 1 < n; i += 2) continue
        if (parts[i + 1] != (i + 1 < n ? "," : "")) return 0
        cell[++count] = joined(parts, first, i, 2, "\375")
    }
    return count
}
function take_columns(row,   n, i, needed) {
    width = cells_of(row)
    for (i = 1; i <= width; i++) { place[cell[i]] = i; columns[cell[i]]++ }
    n = split("post " compared times (profile == "public" ? "" : personal "text"), needed, " ")
    for (i = 1; i <= n; i++) if (columns[needed[i]] != 1) wrong("counts", name " has not one column " needed[i])
}
function take_row(row,   post) {
    post = cells_of(row) == width ? cell[place["post"]] : ""
    if (post == "" || (post in rows)) wrong("counts", name " holds a second row of a post, or what is no row")
    rows[post] = row
    count++
}
# A string of JSON as the bytes that it stands for.
function plain(text,   i) {
    if (index(text, "\\")) {
        gsub(/\\b/, "\b", text); gsub(/\\f/, "\f", text); gsub(/\\n/, "\374", text)
        gsub(/\\r/, "\r", text); gsub(/\\t/, "\t", text)
    }
    if (index(text, "\\"))
        for (i = 0; i < 32; i++) gsub("[\\\\]u" sprintf("%04x", i), i ? sprintf("%c", i) : "\377", text)
    return text ""
}
function list_in(text) {
    text = substr(text, index(text, "[") + 1)
    return substr(text, 1, index(text, "]") - 1)
}
# What stands under a path of keys: a string itself; of a number or a list, what begins with it.
function take(path, text,   list) {
    if (path in kept) told[kept[path]] = plain(text)
    else if (path in words) texts[plain(text)] = 1
    else if (path == " names") names = list_in(text)
    else if (path == " post") number = text + 0
    else if (path == " verdicts line number") verdict = text + 0
    else if (path == " verdicts line rests_on" && verdict > told["ledger_line"] + 0) {
        list = list_in(text); gsub(/,/, " | ", list)
        told["ledger_line"] = verdict; told["rests_on"] = list
    }
}
# Takes a record apart at its quotes. Its keys must be in order, none twice: `take` relies on number before rests_on.
function take_record(line,   parts, n, i, k, sign, depth, path, above, key) {
    gsub(/\\\\/, "\376", line); gsub(/\\"/, "\375", line)
    n = split(line, parts, "\"")
    for (i = 1; i <= n; i++) {
        if (i % 2) for (k = 1; (sign = substr(parts[i], k, 1)) != ""; k++) {
            if (sign == "{" || sign == "[") { above[++depth] = path; key[depth] = "" }
            if (sign == "}" || sign == "]") path = above[depth--]
        } else if (substr(parts[i + 1], 1, 1) == ":") {
            if (parts[i] "" <= key[depth] "") wrong("records", "posts.jsonl: line " FNR " is no record")
            key[depth] = parts[i]; path = above[depth] " " (index(parts[i], " ") ? "?" : parts[i])
            if (parts[i + 1] != ":") take(path, substr(parts[i + 1], 2))
        } else take(path, parts[i])
    }
    if (depth) wrong("records", "posts.jsonl: line " FNR " is no record")
}
# Cells come from `split`, which makes numbers of what looks like one: two ids alike in 16 digits would be equal.
function says(column, wanted,   said) {
    said = cell[place[column]] ""
    return said == wanted "" || said == "'" wanted
}
# The first column that says something else than `told`.
function differs(   n, i, each, at, text) {
    n = split(compared personal, each, " ")
    for (i = 1; i <= n; i++) if ((each[i] in place) && !says(each[i], told[each[i]])) return each[i]
    n = split(times, each, " ")
    for (i = 1; i <= n; i++) {
        at = cell[place[each[i]]]
        gsub(/[+]00:00/, "Z", at)
        if (!index(at, ".")) gsub(/Z/, ".000000Z", at)
        if (at "" != told[each[i]] "") return each[i]
    }
    text = ("text" in place) ? cell[place["text"]] "" : ""
    return (text in texts) || (substr(text, 1, 1) == "'" && (substr(text, 2) in texts)) ? "" : "text"
}
BEGIN {
    compared = "record ledger_line post_id grade rests_on "; times = "gone_after gone_by decided_at "
    personal = "permalink author_handle author_id author_name "
    n = split(personal, each, " ")
    for (i = 1; i <= n; i++) kept[" " each[i]] = each[i]
    kept[" native_id"] = "post_id"; kept[" standing state"] = "record"; kept[" standing grade"] = "grade"
    kept[" standing interval_left"] = "gone_after"; kept[" standing interval_right"] = "gone_by"
    kept[" standing decided_at"] = "decided_at"
    words[" snapshots said text"]; words[" embeds words said quotation"]; words[" embeds cuts said quotation"]
}
FILENAME == table_file {
    lines[++n_lines] = $0
    n = split($0, quoted, "\"")
    if (n && n % 2 == 0) within = !within
    if (within) next
    row = joined(lines, 1, n_lines, 1, "\374"); n_lines = 0
    if (width) take_row(row); else take_columns(row)
    next
}
index($0, "\"state\":\"" state "\"") {
    split("", told); split("", texts); texts[""] = 1; names = ""
    take_record($0)
    if (told["record"] != state) next
    post = "p" number
    if (names != number && index(names, number ",") != 1) wrong("records", post " has other names than the ledger gives it")
    if (!(post in rows)) wrong("counts", name " does not list every post that posts.jsonl calls " state)
    cells_of(rows[post])
    if ((column = differs()) != "") wrong("counts", name " says another " column " of " post " than posts.jsonl")
    delete rows[post]
}
END {
    if (failed) exit 1
    if (within || !width) { print "counts: " name " ends within a row"; exit 1 }
    for (post in rows) { print "counts: " name " lists a post that posts.jsonl does not call " state; exit 1 }
    print count + 0
}
END
[ "$({ tr -d -c '\000' <data/posts.jsonl; cat data/posts.jsonl data/deleted*.csv | tr -d -c '\374-\377'; } | wc -c)" -eq 0 ] ||
    fail counts "posts.jsonl, or a table, holds what is no text"
for table in deleted:deleted deleted-gone-before-first-look:gone_before_first_look; do
    name=${table%%:*}.csv state=${table##*:}
    tr '\000\\' '\377\376' <"data/$name" >"$tmp/table" || broken
    rows=$(awk -v name="$name" -v state="$state" -v profile="$profile" -v table_file="$tmp/table" \
        -f "$tmp/table.awk" "$tmp/table" data/posts.jsonl) || {
        [ -n "$rows" ] || broken
        fail "${rows%%: *}" "${rows#*: }"
    }
    [ "$(told "Rows-$name")" = "$rows" ] || fail counts "$name has $rows rows, and the bag says otherwise"
done
passed counts "posts by verdict and rows by file, as the bag states them"
skipped exchanges "exchanges.warc.gz repeats contents that were checked above; that it repeats them rightly, verify.py checks"

case $code in
0) echo VERIFIED ;;
*) echo "NOT FULLY CHECKED: no step failed" ;;
esac
exit $code
