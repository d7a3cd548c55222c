//! XML, written: elements, and texts in which nothing is markup.

/// What every document begins with.
pub(crate) const HEAD: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";

/// The start of an element.
pub(crate) fn open(xml: &mut String, name: &str, attributes: &[(&str, &str)]) {
    xml.extend(["<", name]);
    for (attribute, value) in attributes {
        xml.extend([" ", attribute, "=\""]);
        escape(xml, value);
        xml.push('"');
    }
    xml.push('>');
}

/// Its end.
pub(crate) fn close(xml: &mut String, name: &str) {
    xml.extend(["</", name, ">\n"]);
}

/// A whole element with a text in it.
pub(crate) fn element(xml: &mut String, name: &str, attributes: &[(&str, &str)], text: &str) {
    open(xml, name, attributes);
    escape(xml, text);
    close(xml, name);
}

/// The text in XML. Characters that XML 1.0 cannot hold in any form are left out.
fn escape(xml: &mut String, text: &str) {
    for char in text.chars() {
        match char {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            '\t' | '\n' | '\r' => xml.push(char),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            other => xml.push(other),
        }
    }
}
