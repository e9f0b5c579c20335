use serde_json::json;

use super::*;

#[test]
fn a_misfit_says_where_and_what() {
    let schema = json!({
        "type": "object", "required": ["entries"], "additionalProperties": false,
        "properties": {
            "entries": {"type": "string", "minLength": 3},
            "answer_at": {"type": "number", "minimum": 0, "maximum": 1},
            "rows": {"type": "array", "items": {"$ref": "#/$defs/Row"}}
        },
        "$defs": {"Row": {"enum": ["a", "b"]}}
    });
    let found =
        misfits(&schema, &json!({"entries": 7, "answer_at": 1.5, "rows": ["a", "c"], "antwort": 1, "answerat": 1}));
    assert_eq!(
        found,
        [
            "config.answer_at must be at most 1",
            "config.answerat is not known; did you mean `answer_at`?",
            "config.antwort is not known; known are answer_at, entries, rows",
            "config.entries must be string, not number",
            "config.rows[1] must be one of \"a\", \"b\"",
        ]
    );
    assert_eq!(misfits(&schema, &json!({})), ["config.entries is missing"]);
    assert!(misfits(&schema, &json!({"entries": "abc", "answer_at": 0.5})).is_empty());
}

#[test]
fn optional_values_as_schemars_writes_them_are_understood() {
    let schema = json!({"anyOf": [{"$ref": "#/$defs/N"}, {"type": "null"}], "$defs": {"N": {"type": "integer"}}});
    assert!(misfits(&schema, &json!(null)).is_empty());
    assert!(misfits(&schema, &json!(3)).is_empty());
    assert_eq!(misfits(&schema, &json!("x")).len(), 1);
}

#[test]
fn a_schema_with_an_unknown_word_is_refused_instead_of_left_out() {
    let refused = supported(&json!({"properties": {"a": {"patternProperties": {}}}})).unwrap_err();
    assert!(refused.contains("patternProperties"), "{refused}");
}

#[test]
fn references_in_a_circle_end() {
    assert_eq!(misfits(&json!({"$ref": "#"}), &json!(1)).len(), 1);
    assert!(divisions(&json!({"$ref": "#"}), &json!("cs")).is_empty());
}

#[test]
fn divisions_are_found_where_the_schema_says_so_and_nowhere_else() {
    let schema = json!({
        "properties": {
            "division": {"type": "string", "format": "division"},
            "reasons": {"additionalProperties": {"type": "string", "format": "division"}},
            "items": {"type": "array", "items": {"anyOf": [
                {"type": "object", "properties": {"to": {"$ref": "#/$defs/Division"}}},
                {"type": "string", "format": "email"},
            ]}},
        },
        "$defs": {"Division": {"anyOf": [{"type": "string", "format": "division"}, {"type": "null"}]}},
    });
    let config = json!({
        "division": "cs", "reasons": {"money": "keuangan"}, "items": [{"to": "gudang"}, {"to": null}, "a@b.example"],
        "else": "penjualan",
    });
    let found: Vec<String> =
        divisions(&schema, &config).into_iter().map(|named| format!("{} {}", named.at, named.name)).collect();
    assert_eq!(found, ["config.division cs", "config.items[0].to gudang", "config.reasons.money keuangan"]);
}
