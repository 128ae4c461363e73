//! Records are the same whatever the buffer, agree with the `csv` crate where nothing is wrong,
//! and come back as they were written.
#![no_main]

use std::io::{BufReader, Read};

use guildhall_rules::facts::csv::{FIELDS_LIMIT, Fault, Reader, Record, write_record};
use libfuzzer_sys::fuzz_target;

type Read_ = (u64, u64, Vec<(u64, Vec<u8>)>, Vec<(usize, Fault)>);

/// Hands out a few bytes at a time.
struct Slow<'t>(&'t [u8], usize);

impl Read for Slow<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let count = self.1.min(out.len()).min(self.0.len());
        let (head, rest) = self.0.split_at(count);
        out[..count].copy_from_slice(head);
        self.0 = rest;
        Ok(count)
    }
}

fn read(input: impl Read, buffer: usize, delimiter: u8) -> Vec<Read_> {
    let mut reader = Reader::new(BufReader::with_capacity(buffer, input), delimiter);
    let mut record = Record::default();
    let mut records = Vec::new();
    while reader.read(&mut record).unwrap() {
        let kept = usize::try_from(record.len()).unwrap().min(FIELDS_LIMIT);
        let fields =
            (0..kept).map(|at| (record.field_line(at), record.field(at).to_vec())).collect();
        records.push((record.line(), record.len(), fields, record.faults().to_vec()));
    }
    records
}

fuzz_target!(|input: &[u8]| {
    let Some((&first, text)) = input.split_first() else { return };
    let delimiter = [b',', b';', b'\t', b'|'][usize::from(first) % 4];
    let records = read(text, 1 << 16, delimiter);
    for step in [1, 2, 3, 7] {
        assert_eq!(read(text, step, delimiter), records, "buffer of {step}");
        assert_eq!(read(Slow(text, step), 64, delimiter), records, "{step} bytes at a time");
    }
    // The other reader takes a lone carriage return for the end of a line.
    let has_lone_return = text
        .iter()
        .enumerate()
        .any(|(at, &byte)| byte == b'\r' && text.get(at + 1) != Some(&b'\n'));
    let is_good = records
        .iter()
        .all(|(_, count, _, faults)| faults.is_empty() && *count <= FIELDS_LIMIT as u64);
    if is_good && !has_lone_return {
        let mut theirs = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(text);
        let theirs: Vec<Vec<Vec<u8>>> = theirs
            .byte_records()
            .map(|record| record.unwrap().iter().map(<[u8]>::to_vec).collect())
            // A line of nothing but quotes is a blank line to us.
            .filter(|record: &Vec<Vec<u8>>| *record != [Vec::new()])
            .collect();
        let ours: Vec<Vec<Vec<u8>>> = records
            .iter()
            .map(|(_, _, fields, _)| fields.iter().map(|(_, field)| field.clone()).collect())
            .collect();
        assert_eq!(ours, theirs);
    }
    // Written and read back. A record of one empty field is a blank line; a mark of the byte
    // order at the very beginning is none of the first field.
    let mut written = b"x\n".to_vec();
    let mut expected = vec![vec![b"x".to_vec()]];
    for (_, _, fields, _) in &records {
        let fields: Vec<Vec<u8>> = fields.iter().map(|(_, field)| field.clone()).collect();
        write_record(&mut written, fields.iter().map(Vec::as_slice)).unwrap();
        if fields != [Vec::new()] {
            expected.push(fields);
        }
    }
    let back: Vec<Vec<Vec<u8>>> = read(written.as_slice(), 64, b',')
        .into_iter()
        .map(|(_, _, fields, faults)| {
            assert!(faults.is_empty());
            fields.into_iter().map(|(_, field)| field).collect()
        })
        .collect();
    assert_eq!(back, expected);
});
