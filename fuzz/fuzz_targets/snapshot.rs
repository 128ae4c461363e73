//! Any bytes are a snapshot or a problem, and whatever facts are in it can be evaluated.
//!
//! The first byte tells what follows: the bytes of a file; or changes of the parts of a good one, of
//! five bytes each (which part, where in it, what), after which every checksum is made right again,
//! because no search would find it.
#![no_main]

use std::sync::{Arc, LazyLock};

use guildhall_fuzz::{FOLDER, days, files, load_with, moments, network, sources};
use guildhall_rules::evaluation::Evaluator;
use guildhall_rules::facts::{Mapping, Snapshot, SnapshotHead, Wants};
use guildhall_rules::impact::Pair;
use guildhall_rules::rulebook::{Catalogue, Edition};
use guildhall_rules::scorecard::FactLists;
use libfuzzer_sys::fuzz_target;
use twox_hash::XxHash3_64;

static NETWORK: LazyLock<(Edition, Catalogue)> = LazyLock::new(network);

/// A good snapshot of the small folder.
static GOOD: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let files = files(FOLDER.as_bytes());
    let options = moments().into_iter().flatten().next().unwrap();
    let mut rejects = Vec::new();
    let loaded = load_with(
        &sources(&files),
        &Mapping::default(),
        &NETWORK.1,
        options,
        Some(&mut rejects),
    );
    let mut bytes = Vec::new();
    let head = SnapshotHead { network: "tiles".to_owned(), ..SnapshotHead::default() };
    loaded.facts.in_order().write_snapshot(&head, &NETWORK.1, &mut bytes).unwrap();
    bytes
});

fn number(bytes: &[u8], at: usize) -> usize {
    u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap()) as usize
}

/// The good snapshot with its parts changed and its checksums right.
fn forged(changes: &[u8]) -> Vec<u8> {
    let mut bytes = GOOD.clone();
    let tail = bytes.len() - 32;
    let list = number(&bytes, tail);
    let entries = (tail - list) / 32;
    for change in changes.as_chunks::<5>().0 {
        let [entry, kind, low, high, value] = *change;
        let entry = list + usize::from(entry) % entries * 32;
        let (place, length) = (number(&bytes, entry + 8), number(&bytes, entry + 16));
        let at = usize::from(low) + usize::from(high) * 256;
        match kind % 8 {
            // Where the part is, or how long it is said to be.
            0 => bytes[entry + 8 + at % 16] = value,
            // Which part it is.
            1 => bytes[entry + at % 4] = value,
            _ if length > 0 && place + length <= list => bytes[place + at % length] = value,
            _ => {}
        }
        let (place, length) = (number(&bytes, entry + 8), number(&bytes, entry + 16));
        if let Some(part) = place.checked_add(length).and_then(|end| bytes.get(place..end)) {
            let checksum = XxHash3_64::oneshot(part).to_le_bytes();
            bytes[entry + 24..entry + 32].copy_from_slice(&checksum);
        }
    }
    let checksum = XxHash3_64::oneshot(&bytes[list..tail]).to_le_bytes();
    bytes[tail + 16..tail + 24].copy_from_slice(&checksum);
    bytes
}

fuzz_target!(|text: &[u8]| {
    let (edition, catalogue) = &*NETWORK;
    let Some((kind, rest)) = text.split_first() else { return };
    let bytes = if *kind == 0 { rest.to_vec() } else { forged(rest) };
    let snapshot = match Snapshot::open(Arc::new(bytes)) {
        Ok(snapshot) => snapshot,
        Err(problem) => return assert!(!problem.to_string().is_empty()),
    };
    let Ok(facts) = snapshot.facts(catalogue, Wants::Everything, 1) else { return };
    let evaluator = Evaluator::new(edition, catalogue, &facts);
    let pair = Pair { old: &evaluator, new: &evaluator };
    for day in days() {
        for partner in facts.partners().take(20) {
            let card = evaluator.scorecard(partner, day, None, FactLists::Listed);
            serde_json::to_string(&card).unwrap();
        }
        pair.moves(day, 1, true);
    }
    let (partners, again) = (facts.partners().len(), facts.in_order());
    assert_eq!(partners, again.partners().len());
    let mut bytes = Vec::new();
    again.write_snapshot(&snapshot.head, catalogue, &mut bytes).unwrap();
    // What was written is read back, and is in order.
    let snapshot = Snapshot::open(Arc::new(bytes.clone())).unwrap();
    let facts = snapshot.facts(catalogue, Wants::Everything, 1).unwrap();
    let mut once_more = Vec::new();
    facts.in_order().write_snapshot(&snapshot.head, catalogue, &mut once_more).unwrap();
    assert!(bytes == once_more);
});
