//! What does a piece of HTML say, line by line?
//!
//! For markup that is all report, such as the body of a mail or a feed entry; a whole page goes
//! through [`crate::extract_page`] instead.

use trafilatura::dom::Document;

use crate::text::one_line;

/// Returns the text of `html`: a paragraph a line, no scripts, no styles.
pub(crate) fn block_text(html: &str) -> String {
    let document = Document::parse(html);
    let Some(body) = document.body() else { return String::new() };
    let mut lines = vec![String::new()];
    // An explicit stack, since strangers nest as deep as they like.
    let mut waiting = vec![Step::Enter(body)];
    while let Some(step) = waiting.pop() {
        match step {
            Step::Break => lines.push(String::new()),
            Step::Enter(id) if document.is_text(id) => {
                if let Some(line) = lines.last_mut() {
                    line.push_str(&document.text_content(id));
                }
            }
            Step::Enter(id) if document.is_element(id) => {
                let tag = document.tag_name(id);
                if matches!(tag, "script" | "style" | "noscript" | "template" | "head" | "svg" | "iframe") {
                    continue;
                }
                let block = is_block(tag);
                if block {
                    lines.push(String::new());
                    waiting.push(Step::Break);
                }
                waiting.extend(document.child_nodes(id).into_iter().rev().map(Step::Enter));
            }
            Step::Enter(_) => {}
        }
    }
    let kept: Vec<String> = lines.iter().map(|line| one_line(line)).filter(|line| !line.is_empty()).collect();
    kept.join("\n")
}

enum Step<Id> {
    Enter(Id),
    Break,
}

fn is_block(tag: &str) -> bool {
    matches!(
        tag,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "br"
            | "dd"
            | "div"
            | "dl"
            | "dt"
            | "figcaption"
            | "figure"
            | "footer"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hr"
            | "li"
            | "main"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "section"
            | "table"
            | "td"
            | "th"
            | "tr"
            | "ul"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_become_lines_and_scripts_vanish() {
        let html =
            "<p>Gunmen <b>attacked</b> a\n convoy &amp; fled.</p><script>x()</script><p>One<br>two</p>";
        assert_eq!(block_text(html), "Gunmen attacked a convoy & fled.\nOne\ntwo");
    }

    #[test]
    fn deep_nesting_is_only_deep() {
        let html = format!("{}deep", "<div>".repeat(20_000));
        assert_eq!(block_text(&html), "deep");
    }
}
