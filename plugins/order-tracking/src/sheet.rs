//! The orders of a CSV, checked before a customer asks for one.

use std::collections::HashMap;

use santun_plugin::Error;

use crate::csv::Table;
use crate::numbers::{Pattern, key, phone_key};
use crate::order::{Order, Status, day};

/// The columns: what is told of an order, under the names that shops give it. The first is the customary one.
const COLUMNS: [&[&str]; 12] = [
    &["number", "nomor", "no", "no_pesanan", "nomor_pesanan", "order", "order_number"],
    &["status", "state", "keadaan"],
    &["phone", "telepon", "no_hp", "hp", "whatsapp"],
    &["name", "nama", "pelanggan", "customer"],
    &["items", "barang", "produk", "isi"],
    &["ordered", "tanggal", "tanggal_pesan", "ordered_at"],
    &["promised", "estimasi", "perkiraan", "janji", "promised_at"],
    &["delivered", "diterima", "tanggal_terima", "delivered_at"],
    &["courier", "kurir", "ekspedisi"],
    &["waybill", "resi", "no_resi", "nomor_resi", "awb"],
    &["last_place", "lokasi", "posisi"],
    &["updated", "diperbarui", "updated_at"],
];
const NUMBER: usize = 0;
const STATUS: usize = 1;
const PHONE: usize = 2;
const ITEMS: usize = 4;
const ORDERED: usize = 5;
const PROMISED: usize = 6;
const DELIVERED: usize = 7;
const COURIER: usize = 8;
const WAYBILL: usize = 9;
const LAST_PLACE: usize = 10;
const UPDATED: usize = 11;

/// So many faults are told at once.
const MOST_FAULTS: usize = 5;

/// Reads the orders, or tells the operator in which rows something is wrong, what, and what to do.
pub(crate) fn read(csv: &str, pattern: &Pattern) -> Result<Vec<Order>, Error> {
    let table = Table::read(csv).map_err(|open| {
        Error::new(format!(
            "`orders`, row {}: a quotation mark opens a cell and is never closed: close it, or remove it",
            open.row
        ))
    })?;
    let columns = columns(&table)?;
    let mut faults = Vec::new();
    let mut orders = Vec::new();
    let mut rows_of: HashMap<String, usize> = HashMap::new();
    for (row, cells) in table.rows() {
        match order(cells, &table, &columns, pattern) {
            Ok(order) => match rows_of.insert(key(&order.number), row) {
                Some(first) => faults.push(format!(
                    "row {row}: the number `{}` stands in row {first} already: keep one of the two",
                    order.number
                )),
                None => orders.push(order),
            },
            Err(fault) => faults.push(format!("row {row}: {fault}")),
        }
    }
    if faults.is_empty() {
        return Ok(orders);
    }
    let more = match faults.len().saturating_sub(MOST_FAULTS) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    faults.truncate(MOST_FAULTS);
    Err(Error::new(format!("`orders`, {}{more}", faults.join("; "))))
}

/// Where each of `COLUMNS` stands.
type Places = [Option<usize>; COLUMNS.len()];

fn columns(table: &Table) -> Result<Places, Error> {
    let mut places = [None; COLUMNS.len()];
    for (place, names) in places.iter_mut().zip(COLUMNS) {
        let mut found = table.columns(names);
        *place = found.next();
        if let (Some(first), Some(second)) = (*place, found.next()) {
            let [first, second] = [first, second].map(|column| &table.header[column]);
            return Err(Error::new(format!(
                "`orders`, row 1: the columns `{first}` and `{second}` both mean `{}`: keep one",
                names[0]
            )));
        }
    }
    for needed in [NUMBER, STATUS] {
        if places[needed].is_none() {
            return Err(Error::new(format!("`orders` has no column `{}` in its first line", COLUMNS[needed][0])));
        }
    }
    for (column, name) in table.header.iter().enumerate() {
        let empty = || table.rows().all(|(_, cells)| cells.get(column).is_none_or(|cell| cell.trim().is_empty()));
        let harmless = places.contains(&Some(column)) || name.is_empty() && empty();
        if !harmless {
            return Err(Error::new(format!("`orders`, row 1: there is no column `{name}`: {}", instead(name))));
        }
    }
    Ok(places)
}

/// What to do with a column that is not known.
fn instead(name: &str) -> String {
    let near = COLUMNS
        .iter()
        .flat_map(|names| *names)
        .filter_map(|known| santun_language::distance(name, known, 2).map(|slips| (slips, known)));
    match near.min_by_key(|(slips, _)| *slips) {
        Some((_, known)) => format!("did you mean `{known}`?"),
        None => {
            let known: Vec<&str> = COLUMNS.iter().map(|names| names[0]).collect();
            format!("remove it, or give it one of these names: {}", known.join(", "))
        }
    }
}

/// The order of a row, or what is wrong with it and what to do.
fn order(cells: &[String], table: &Table, columns: &Places, pattern: &Pattern) -> Result<Order, String> {
    let (found, wanted) = (cells.len(), table.header.len());
    let beyond = cells.get(wanted..).is_some_and(|cells| cells.iter().any(|cell| !cell.trim().is_empty()));
    if found < wanted || beyond {
        return Err(format!(
            "{found} cells, and the first line has {wanted}: put a cell with a comma in quotation marks, and leave out \
             no comma"
        ));
    }
    let cell = |column: usize| {
        let cell = cells.get(columns[column]?)?.trim();
        // A dash is how sheets say "nothing".
        (!cell.is_empty() && cell != "-").then(|| cell.to_owned())
    };
    let date = |column: usize| match cell(column) {
        None => Ok(None),
        Some(written) => day(&written)
            .map(Some)
            .ok_or_else(|| format!("`{}` is `{written}`: write a day as 2026-11-22 or 22/11/2026", COLUMNS[column][0])),
    };
    let number = cell(NUMBER).ok_or("the order has no number: write it, or remove the row")?;
    if !pattern.matches(&number) {
        return Err(format!(
            "the number `{number}` does not look like `{}`, so no customer would find it: mend the number, or `pattern`",
            pattern.written()
        ));
    }
    let status = cell(STATUS).ok_or("the order has no status: write one")?;
    let status = match Status::from_word(&status) {
        Status::Unknown => {
            return Err(format!("the status `{status}` is not known: write one of {}", Status::words().join(", ")));
        }
        known => known,
    };
    let phone = cell(PHONE);
    if let Some(phone) = phone.as_ref().filter(|phone| phone_key(phone).is_none()) {
        return Err(format!("`{phone}` is no phone number: write it as +6281234567890"));
    }
    Ok(Order {
        number,
        status,
        phone,
        items: cell(ITEMS),
        ordered: date(ORDERED)?,
        promised: date(PROMISED)?,
        delivered: date(DELIVERED)?,
        courier: cell(COURIER),
        waybill: cell(WAYBILL),
        last_place: cell(LAST_PLACE),
        updated: date(UPDATED)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(csv: &str) -> String {
        read(csv, &Pattern::parse("TC-#####").unwrap()).unwrap_err().to_string()
    }

    #[test]
    fn what_would_fail_in_front_of_a_customer_is_refused_with_its_row_and_what_to_do() {
        for (csv, row, what, remedy) in [
            ("number,status\nTC-10234,hilang di laut\n", "row 2", "`hilang di laut`", "write one of unpaid"),
            ("number,status\nTC-10234,\n", "row 2", "no status", "write one"),
            ("number,status\nTC-10234,shipped\n\ntc 10234,packed\n", "row 4", "stands in row 2", "keep one"),
            ("number,status\n10234,shipped\n", "row 2", "does not look like `TC-#####`", "mend the number"),
            ("number,status,items\nTC-10234,shipped,kaus, kaki\n", "row 2", "4 cells", "quotation marks"),
            ("number,status,items\nTC-10234,shipped\n", "row 2", "2 cells", "leave out no comma"),
            ("number,status\nTC-10234,\"shipped\nTC-10235,packed\n", "row 2", "never closed", "close it"),
            ("number,status,phone\nTC-10234,shipped,+62\n", "row 2", "no phone number", "+6281234567890"),
            ("number,status,promised\nTC-10234,shipped,soon\n", "row 2", "`promised` is `soon`", "2026-11-22"),
            ("number,status,waybil\nTC-10234,shipped,x\n", "row 1", "`waybil`", "did you mean `waybill`?"),
            ("number,status,alamat\nTC-10234,shipped,x\n", "row 1", "`alamat`", "remove it"),
            ("number,status,nomor\nTC-10234,shipped,x\n", "row 1", "both mean `number`", "keep one"),
        ] {
            let error = refused(csv);
            for part in [row, what, remedy] {
                assert!(error.contains(part), "{part}: {error}");
            }
        }
    }

    #[test]
    fn all_faults_are_told_as_far_as_somebody_reads() {
        let rows: String = (0..8).map(|n| format!("TC-1023{n},entah\n")).collect();
        let error = refused(&format!("number,status\n{rows}"));
        assert!(error.contains("row 2:") && error.contains("row 6:") && error.contains("and 3 more"), "{error}");
    }

    #[test]
    fn what_a_spreadsheet_leaves_behind_does_no_harm() {
        let csv = "Nomor;Status;No HP;;\nTC-10234;Dikirim;-;;\n;;;;\n";
        let orders = read(csv, &Pattern::parse("TC-#####").unwrap()).unwrap();
        assert_eq!((orders.len(), orders[0].status, orders[0].phone.clone()), (1, Status::Shipped, None));
    }
}
