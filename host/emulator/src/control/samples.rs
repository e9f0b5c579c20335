//! Files and values for customers who send "a photo" without saying which. Small, valid, and made here.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Value, json};

/// A picture: a soft gradient, PNG.
pub(super) fn image() -> Bytes {
    const SIDE: u32 = 96;
    let mut rows = Vec::new();
    for y in 0..SIDE {
        // Every row begins with its filter: none.
        rows.push(0);
        for x in 0..SIDE {
            let shade = |value: u32| u8::try_from(value.min(255)).unwrap_or(u8::MAX);
            rows.extend_from_slice(&[shade(40 + x), shade(120 + y), shade(150 + (x + y) / 4)]);
        }
    }
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = [SIDE.to_be_bytes(), SIDE.to_be_bytes()].concat();
    // Eight bits a channel, red-green-blue.
    header.extend_from_slice(&[8, 2, 0, 0, 0]);
    chunk(&mut png, b"IHDR", &header);
    chunk(&mut png, b"IDAT", &stored(&rows));
    chunk(&mut png, b"IEND", &[]);
    png.into()
}

fn chunk(png: &mut Vec<u8>, name: &[u8; 4], content: &[u8]) {
    png.extend_from_slice(&u32::try_from(content.len()).unwrap_or(0).to_be_bytes());
    let named = [name.as_slice(), content].concat();
    png.extend_from_slice(&named);
    png.extend_from_slice(&crc32(&named).to_be_bytes());
}

/// A zlib stream without compression.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let blocks = bytes.chunks(0xffff);
    let last = blocks.len().saturating_sub(1);
    for (at, block) in blocks.enumerate() {
        let length = u16::try_from(block.len()).unwrap_or(0);
        stream.push(u8::from(at == last));
        stream.extend_from_slice(&length.to_le_bytes());
        stream.extend_from_slice(&(!length).to_le_bytes());
        stream.extend_from_slice(block);
    }
    let (mut low, mut high) = (1_u32, 0_u32);
    for byte in bytes {
        low = (low + u32::from(*byte)) % 65_521;
        high = (high + low) % 65_521;
    }
    stream.extend_from_slice(&((high << 16) | low).to_be_bytes());
    stream
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
    };
    !bytes.iter().fold(u32::MAX, step)
}

/// A voice note: two seconds of silence, Opus in Ogg.
pub(super) fn voice() -> Bytes {
    const FRAMES: u64 = 100;
    // Mono, 48 kHz, no gain.
    let head = b"OpusHead\x01\x01\x00\x00\x80\xbb\x00\x00\x00\x00\x00";
    let tags = b"OpusTags\x06\x00\x00\x00santun\x00\x00\x00\x00";
    // Twenty milliseconds of silence.
    let frame: &[u8] = &[0xf8, 0xff, 0xfe];
    let mut ogg = Vec::new();
    page(&mut ogg, 2, 0, 0, &[head]);
    page(&mut ogg, 0, 0, 1, &[tags]);
    let frames: Vec<&[u8]> = (0..FRAMES).map(|_| frame).collect();
    page(&mut ogg, 4, FRAMES * 960, 2, &frames);
    ogg.into()
}

fn page(ogg: &mut Vec<u8>, flags: u8, position: u64, sequence: u32, packets: &[&[u8]]) {
    let mut page = b"OggS\x00".to_vec();
    page.push(flags);
    page.extend_from_slice(&position.to_le_bytes());
    page.extend_from_slice(&0x5a17_u32.to_le_bytes());
    page.extend_from_slice(&sequence.to_le_bytes());
    page.extend_from_slice(&[0; 4]);
    page.push(u8::try_from(packets.len()).unwrap_or(u8::MAX));
    page.extend(packets.iter().map(|packet| u8::try_from(packet.len()).unwrap_or(0)));
    for packet in packets {
        page.extend_from_slice(packet);
    }
    // Ogg's checksum: the plain polynomial, neither reflected nor inverted.
    let step = |crc: u32, byte: &u8| {
        let crc = crc ^ (u32::from(*byte) << 24);
        (0..8).fold(crc, |crc, _| if crc >> 31 == 1 { (crc << 1) ^ 0x04c1_1db7 } else { crc << 1 })
    };
    let checksum = page.iter().fold(0, step).to_le_bytes();
    page[22..26].copy_from_slice(&checksum);
    ogg.extend_from_slice(&page);
}

/// A page that says what it is, PDF.
pub(super) fn document() -> Bytes {
    let text = "BT /F1 18 Tf 40 150 Td (Contoh bukti transfer) Tj 0 -30 Td (Rp150.000) Tj ET";
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R /Resources << /Font << /F1 << /Type \
         /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
    ];
    let mut pdf = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(pdf.len());
        pdf.push_str(&format!("{} 0 obj\n{object}\nendobj\n", at + 1));
    }
    let table = pdf.len();
    pdf.push_str("xref\n0 5\n0000000000 65535 f \n");
    for place in places {
        pdf.push_str(&format!("{place:010} 00000 n \n"));
    }
    pdf.push_str(&format!("trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"));
    pdf.into()
}

/// The smallest sticker: one point, WebP.
pub(super) fn sticker() -> Bytes {
    STANDARD.decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==").unwrap_or_default().into()
}

/// A video without a picture: the head of an MP4 file and nothing to play.
pub(super) fn video() -> Bytes {
    Bytes::from_static(b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom\x00\x00\x00\x08free")
}

/// A contact card.
pub(super) fn contacts() -> Value {
    json!([{
        "name": { "formatted_name": "Budi Santoso", "first_name": "Budi", "last_name": "Santoso" },
        "phones": [{ "phone": "+62 812-9000-1111", "wa_id": "6281290001111", "type": "CELL" }],
    }])
}

/// What an order holds. One price is a string, as WhatsApp sometimes has it.
pub(super) fn order_items() -> Value {
    json!([
        { "product_retailer_id": "kaos-merah-m", "quantity": 2, "item_price": 75_000, "currency": "IDR" },
        { "product_retailer_id": "topi-hitam", "quantity": "1", "item_price": "45000", "currency": "IDR" },
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_the_known_ones() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(&stored(b"Wikipedia")[2 + 5 + 9..], 0x11e6_0398_u32.to_be_bytes());
    }

    #[test]
    fn samples_begin_as_their_types_do() {
        assert!(image().starts_with(b"\x89PNG"));
        assert!(voice().starts_with(b"OggS"));
        assert!(document().starts_with(b"%PDF"));
        assert_eq!(&sticker()[8..12], b"WEBP");
    }
}
