//! What does a mail message report, and what hangs on it?

use mail_parser::{MessageParser, MimeHeaders, PartType};

use crate::dates;
use crate::found::{FailReason, Found, MediaType, Origin};
use crate::html::block_text;
use crate::text::some_line;
use crate::walk::Trouble;

/// A message and the documents attached to it, by name.
pub(crate) struct Mail {
    pub found: Found,
    pub attachments: Vec<(String, Vec<u8>)>,
}

/// Reads a message; its text is the plain part, or else the HTML one.
pub(crate) fn read_mail(origin: Origin, raw: Vec<u8>) -> Result<Mail, Trouble> {
    let Some(message) = MessageParser::default().parse(&raw) else {
        return Err(Trouble::new(FailReason::Damaged, "it has no header"));
    };
    let bodies = message.text_bodies().filter_map(|part| match &part.body {
        PartType::Text(text) => Some(text.to_string()),
        PartType::Html(html) => Some(block_text(html)),
        _ => None,
    });
    let text = bodies.collect::<Vec<_>>().join("\n\n");
    let mut found = Found::new(origin, Vec::new(), MediaType::Mail, text.trim());
    found.title = message.subject().and_then(some_line);
    found.published = message.date().and_then(|date| dates::parse(&date.to_rfc3339()));
    found.given_id = message.message_id().and_then(some_line);
    let sender = message.from().and_then(|from| from.first());
    found.author = sender.and_then(|sender| sender.name().or(sender.address())).and_then(some_line);
    if let Some(address) = sender.and_then(|sender| sender.address()).and_then(some_line) {
        found.extra.insert("from".into(), address.into());
    }
    found.carrier = message.header_raw("List-Id").and_then(some_line);
    let attachments = message.attachments().take(100).enumerate().map(|(index, part)| {
        let name =
            part.attachment_name().and_then(some_line).unwrap_or_else(|| format!("attachment {}", index + 1));
        (name, part.contents().to_vec())
    });
    let attachments: Vec<_> = attachments.collect();
    found.raw = raw;
    Ok(Mail { found, attachments })
}
