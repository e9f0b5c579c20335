//! Interactive messages.

use std::collections::HashSet;

use super::fields::Fields;
use super::media;
use crate::graph::error::GraphError;
use crate::media::MediaKind;

/// The most characters of a body; a list's may be longer.
const BODY: usize = 1_024;
const LIST_BODY: usize = 4_096;
const FOOTER: usize = 60;
const HEADER: usize = 60;
const BUTTONS: usize = 3;
const BUTTON_TITLE: usize = 20;
const BUTTON_ID: usize = 256;
const SECTIONS: usize = 10;
const ROWS: usize = 10;
const ROW_TITLE: usize = 24;
const ROW_ID: usize = 200;
const ROW_DESCRIPTION: usize = 72;
const PRODUCTS: usize = 30;

/// Checks an interactive message.
pub(super) fn message<'a>(interactive: &Fields<'a>, used: &mut Vec<(MediaKind, &'a str)>) -> Result<(), GraphError> {
    let kind = interactive.required_text("type", 64)?;
    let action = interactive.required_object("action")?;
    header(interactive, kind, used)?;
    body(interactive, kind)?;
    if let Some(footer) = interactive.object("footer")? {
        footer.required_text("text", FOOTER)?;
    }
    match kind {
        "button" => buttons(&action),
        "list" => list(&action),
        "cta_url" => link(&action),
        "flow" => flow(&action),
        "product" => {
            action.required_text("catalog_id", 256)?;
            action.required_text("product_retailer_id", 256).map(drop)
        }
        "product_list" => products(&action),
        "catalog_message" => named(&action, "catalog_message"),
        "location_request_message" => named(&action, "send_location"),
        "address_message" => named(&action, "address_message"),
        "call_permission_request" => named(&action, "call_permission_request"),
        "voice_call" => named(&action, "voice_call"),
        "order_details" => order(&action, "review_and_pay"),
        "order_status" => order(&action, "review_order"),
        "carousel" => action.required_objects("cards", 10).map(drop),
        _ => Err(interactive.invalid(
            "type",
            "must be one of button, list, cta_url, flow, product, product_list, catalog_message, \
             location_request_message, address_message, call_permission_request, voice_call, order_details, \
             order_status, carousel",
        )),
    }
}

fn header<'a>(interactive: &Fields<'a>, kind: &str, used: &mut Vec<(MediaKind, &'a str)>) -> Result<(), GraphError> {
    let Some(header) = interactive.object("header")? else {
        return if kind == "product_list" { Err(interactive.missing("header")) } else { Ok(()) };
    };
    let form = header.required_text("type", 32)?;
    let text_only = matches!(kind, "list" | "product_list");
    match form {
        "text" => header.required_text("text", HEADER).map(drop),
        "image" | "video" | "document" if !text_only => {
            let Some(kind) = MediaKind::named(form) else { return Ok(()) };
            media::source(&header.required_object(form)?, kind, used)
        }
        _ if kind == "product_list" => header.required_text("text", HEADER).map(drop),
        _ if text_only => Err(header.invalid("type", "must be text for this type of message")),
        _ => Err(header.invalid("type", "must be one of text, image, video, document")),
    }
}

fn body(interactive: &Fields<'_>, kind: &str) -> Result<(), GraphError> {
    let most = if kind == "list" { LIST_BODY } else { BODY };
    match interactive.object("body")? {
        Some(body) => body.required_text("text", most).map(drop),
        None if matches!(kind, "product" | "call_permission_request") => Ok(()),
        None => Err(interactive.missing("body")),
    }
}

fn buttons(action: &Fields<'_>) -> Result<(), GraphError> {
    let (mut ids, mut titles) = (HashSet::new(), HashSet::new());
    for button in action.required_objects("buttons", BUTTONS)? {
        if button.required_text("type", 32)? != "reply" {
            return Err(button.invalid("type", "must be reply"));
        }
        let reply = button.required_object("reply")?;
        if !ids.insert(reply.required_text("id", BUTTON_ID)?) {
            return Err(reply.invalid("id", "is used twice; ids must be unique"));
        }
        if !titles.insert(reply.required_text("title", BUTTON_TITLE)?) {
            return Err(reply.invalid("title", "is used twice; titles must be unique"));
        }
    }
    Ok(())
}

fn list(action: &Fields<'_>) -> Result<(), GraphError> {
    action.required_text("button", BUTTON_TITLE)?;
    let sections = action.required_objects("sections", SECTIONS)?;
    let (mut ids, mut rows) = (HashSet::new(), 0);
    for section in &sections {
        section_title(section, sections.len())?;
        for row in section.required_objects("rows", ROWS)? {
            rows += 1;
            if !ids.insert(row.required_text("id", ROW_ID)?) {
                return Err(row.invalid("id", "is used twice; ids must be unique"));
            }
            row.required_text("title", ROW_TITLE)?;
            row.text_up_to("description", ROW_DESCRIPTION)?;
        }
    }
    if rows > ROWS {
        return Err(action.invalid("sections", &format!("have {rows} rows; at most {ROWS} in all")));
    }
    Ok(())
}

fn section_title(section: &Fields<'_>, sections: usize) -> Result<(), GraphError> {
    if sections > 1 {
        return section.required_text("title", ROW_TITLE).map(drop);
    }
    section.text_up_to("title", ROW_TITLE).map(drop)
}

fn link(action: &Fields<'_>) -> Result<(), GraphError> {
    named(action, "cta_url")?;
    let parameters = action.required_object("parameters")?;
    parameters.required_text("display_text", BUTTON_TITLE)?;
    parameters.required_url("url").map(drop)
}

fn flow(action: &Fields<'_>) -> Result<(), GraphError> {
    named(action, "flow")?;
    let parameters = action.required_object("parameters")?;
    if parameters.required_text("flow_message_version", 8)? != "3" {
        return Err(parameters.invalid("flow_message_version", "must be 3"));
    }
    parameters.required_text("flow_cta", 30)?;
    match (parameters.text("flow_id")?, parameters.text("flow_name")?) {
        (None, None) => return Err(parameters.missing("flow_id")),
        (Some(_), Some(_)) => return Err(parameters.invalid("flow_id", "and flow_name exclude each other")),
        _ => {}
    }
    if !matches!(parameters.text("mode")?, None | Some("published" | "draft")) {
        return Err(parameters.invalid("mode", "must be one of draft, published"));
    }
    match parameters.text("flow_action")? {
        None | Some("navigate") => {}
        Some("data_exchange") => return Ok(()),
        Some(_) => return Err(parameters.invalid("flow_action", "must be one of navigate, data_exchange")),
    }
    if let Some(payload) = parameters.object("flow_action_payload")? {
        payload.required_text("screen", 256)?;
    }
    Ok(())
}

fn products(action: &Fields<'_>) -> Result<(), GraphError> {
    action.required_text("catalog_id", 256)?;
    let sections = action.required_objects("sections", SECTIONS)?;
    let mut items = 0;
    for section in &sections {
        section_title(section, sections.len())?;
        for item in section.required_objects("product_items", PRODUCTS)? {
            items += 1;
            item.required_text("product_retailer_id", 256)?;
        }
    }
    if items > PRODUCTS {
        return Err(action.invalid("sections", &format!("have {items} products; at most {PRODUCTS} in all")));
    }
    Ok(())
}

fn named(action: &Fields<'_>, name: &str) -> Result<(), GraphError> {
    if action.required_text("name", 64)? != name {
        return Err(action.invalid("name", &format!("must be {name}")));
    }
    Ok(())
}

fn order(action: &Fields<'_>, name: &str) -> Result<(), GraphError> {
    named(action, name)?;
    let parameters = action.required_object("parameters")?;
    parameters.required_text("reference_id", 60)?;
    parameters.required_object("order").map(drop)
}
