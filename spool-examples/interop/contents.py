"""What stands in the files of a spool, to the letter of docs/format.md: attribute headers, checksums, failure logs."""
import base64
import re

WORD = re.compile(rb"=\?utf-8\?B\?([A-Za-z0-9+/]*={0,2})\?=", re.I)
QUOTES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def decode(header):
    """The attributes and the dedup key (or None) in the first H bytes of a file; ValueError if they are none."""
    if not header.endswith(b"\n\n"):
        raise ValueError("the header does not end in an empty line")
    attributes, key = {}, None
    for line in header[:-2].replace(b"\n ", b" ").split(b"\n"):
        name, colon, value = line.partition(b":")
        if not name or not colon:
            raise ValueError("a header line without a name")
        text = decode_value(value.strip(b"\t\n\v\f\r\x1c\x1d\x1e\x1f "))
        if name.lower() == b"spool-key":
            key = text
        else:
            name = name.decode("latin-1")  # one name if it differs in case only: the later line counts
            attributes = {other: value for other, value in attributes.items() if other.lower() != name.lower()}
            attributes[name] = text
    return attributes, key


def decode_value(value):
    if value[:10].lower() != b"=?utf-8?b?":
        return value.decode("latin-1")
    words = [WORD.fullmatch(word) for word in value.split(b" ") if word]
    if not all(words):
        raise ValueError("an encoded word that is none, or a plain one among them")
    return "".join(base64.b64decode(word[1], validate=True).decode("utf-8", "replace") for word in words)


def encode(attributes):
    """The header that carries these attributes; no bytes if there are none."""
    lines = [f"{name}: ".encode() + encode_value(value, 996 - len(name)) + b"\n" for name, value in attributes.items()]
    return b"".join(lines) + b"\n" if lines else b""


def encode_value(value, room):
    if re.fullmatch("[ -~]*", value) and value == value.strip(" ") and "=?" not in value and len(value) <= room:
        return value.encode()
    words = [b""]
    for character in value:  # a word has at most 45 bytes, of whole characters
        more = character.encode()
        words.append(more) if len(words[-1]) + len(more) > 45 else words.append(words.pop() + more)
    return b"\n ".join(b"=?utf-8?B?%s?=" % base64.b64encode(word) for word in words)


def crc_of_byte(byte):
    for _ in range(8):
        byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
    return byte


CRC_OF_BYTE = [crc_of_byte(byte) for byte in range(256)]


def crc32c(data, crc=0):
    """The CRC32C of these bytes, behind bytes that had this one."""
    crc ^= 0xFFFFFFFF
    for byte in data:
        crc = CRC_OF_BYTE[(crc ^ byte) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def failure(at, attempt, worker, reason):
    """One line of errors/<id>.log."""
    return b'{"at":%s,"attempt":%d,"worker":%s,"reason":%s}\n' % (quoted(at), attempt, quoted(worker), quoted(reason))


def quoted(text):
    """At most 4,096 characters, as Java and JSON count them, in ASCII."""
    units = text.encode("utf-16-be", "surrogatepass")[:2 * 4096]
    characters = [chr(high << 8 | low) for high, low in zip(units[::2], units[1::2])]
    escaped = (QUOTES.get(c) or (c if " " <= c <= "~" else "\\u%04x" % ord(c)) for c in characters)
    return ('"%s"' % "".join(escaped)).encode()
