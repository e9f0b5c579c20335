//! Template messages: their form. Whether the template exists, and takes these parameters, is asked of the templates.

use super::fields::Fields;
use super::media;
use crate::graph::error::GraphError;
use crate::media::MediaKind;

/// Checks a template message.
pub(super) fn message<'a>(template: &Fields<'a>, used: &mut Vec<(MediaKind, &'a str)>) -> Result<(), GraphError> {
    template.required_text("name", 512)?;
    template.required_object("language")?.required_text("code", 64)?;
    // Clients that have none to give send an empty list.
    if template.value("components").is_none_or(|components| components.as_array().is_some_and(Vec::is_empty)) {
        return Ok(());
    }
    for component in template.required_objects("components", 64)? {
        match component.required_text("type", 32)?.to_ascii_lowercase().as_str() {
            "header" | "body" | "limited_time_offer" | "carousel" | "order_status" => {}
            "button" => {
                component.required_text("sub_type", 32)?;
                let index = component.number("index")?.ok_or_else(|| component.missing("index"))?;
                if !(0.0..=9.0).contains(&index) {
                    return Err(component.invalid("index", "must be 0 to 9"));
                }
            }
            _ => return Err(component.invalid("type", "must be one of header, body, button")),
        }
        if component.value("parameters").is_none_or(|parameters| parameters.as_array().is_some_and(Vec::is_empty)) {
            continue;
        }
        for parameter in component.required_objects("parameters", 64)? {
            check_parameter(&parameter, used)?;
        }
    }
    Ok(())
}

fn check_parameter<'a>(parameter: &Fields<'a>, used: &mut Vec<(MediaKind, &'a str)>) -> Result<(), GraphError> {
    let kind = parameter.required_text("type", 32)?;
    match kind.to_ascii_lowercase().as_str() {
        // The API takes booleans and numbers here too; Meta's own examples have them.
        "text" => parameter.required_value("text").map(drop),
        "currency" | "date_time" => parameter.required_object(kind)?.required_text("fallback_value", 1_024).map(drop),
        name @ ("image" | "video" | "document") => {
            let Some(kind) = MediaKind::named(name) else { return Ok(()) };
            media::source(&parameter.required_object(name)?, kind, used)
        }
        "payload" => parameter.required_text("payload", 256).map(drop),
        "coupon_code" => parameter.required_text("coupon_code", 20).map(drop),
        _ => Ok(()),
    }
}
