//! A folder as a browser sends it.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use guildhall_operations::Error;
use guildhall_operations::ops::imports::Folder;
use guildhall_rules::problem::{Problem, Problems};
use sha2::{Digest, Sha256};

use crate::form::{Fields, Upload};

/// Longest part of a row that is shown with its problem, in characters.
const LONGEST: usize = 300;

/// The files that were sent, and how they are to be taken.
pub(super) struct Sent {
    files: BTreeMap<String, String>,
    complete: Vec<String>,
    /// Whether rows with problems are left out.
    pub(super) leaves_out: bool,
    /// Of names, texts and choices: whether it is what was tried.
    pub(super) digest: String,
}

impl Sent {
    /// Reads what was sent.
    ///
    /// # Errors
    ///
    /// When there is no file, one is there twice, or one is no UTF-8.
    pub(super) fn read(fields: &Fields, uploads: &[Upload]) -> Result<Self, Error> {
        let mut problems = Problems::new();
        let mut files = BTreeMap::new();
        for upload in uploads.iter().filter(|upload| upload.field == "files") {
            let name = upload.name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
            let text = match String::from_utf8(upload.bytes.clone()) {
                Ok(text) => text,
                Err(error) => {
                    let good = error.utf8_error().valid_up_to();
                    let before = upload.bytes.get(..good).unwrap_or_default();
                    let line = String::from_utf8_lossy(before).matches('\n').count() as u64 + 1;
                    let problem = Problem::new("bad-utf8", "the file is not in UTF-8");
                    let hint = "save it again as UTF-8";
                    problems.push(problem.in_file(&name).on_line(line).hint(hint));
                    continue;
                }
            };
            if files.insert(name.clone(), text).is_some() {
                let problem = Problem::new("file-twice", "a file of this name is here twice");
                problems.push(problem.in_file(&name));
            }
        }
        if !problems.is_empty() {
            return Err(problems.into());
        }
        if files.is_empty() {
            return Err(Error::field("files", "missing-value", "no file was chosen"));
        }
        let complete: Vec<String> = fields.all("complete").map(str::to_owned).collect();
        let leaves_out = fields.has("leave_out");
        let digest = digest(&files, &complete, leaves_out);
        Ok(Self { files, complete, leaves_out, digest })
    }

    /// The folder.
    pub(super) fn folder(&self, is_dry_run: bool) -> Folder {
        Folder { files: self.files.clone(), is_dry_run, complete: self.complete.clone() }
    }

    /// A line of a file, cut to what is recognised.
    pub(super) fn row(&self, file: &str, line: u64) -> Option<String> {
        let at = usize::try_from(line).ok()?.checked_sub(1)?;
        let row = self.files.get(file)?.lines().nth(at)?;
        Some(row.chars().take(LONGEST).collect())
    }
}

fn digest(files: &BTreeMap<String, String>, complete: &[String], leaves_out: bool) -> String {
    let mut digest = Sha256::new();
    let mut part = |text: &str| {
        digest.update((text.len() as u64).to_be_bytes());
        digest.update(text);
    };
    for (name, text) in files {
        part(name);
        part(text);
    }
    for kind in complete {
        part(kind);
    }
    part(if leaves_out { "leaves out" } else { "whole" });
    HEXLOWER.encode(&digest.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upload(name: &str, bytes: &[u8]) -> Upload {
        Upload { field: "files".to_owned(), name: name.to_owned(), bytes: bytes.to_vec() }
    }

    #[test]
    fn what_was_tried_is_told_by_names_texts_and_choices() {
        let none = Fields::default();
        let of = |fields: &Fields, uploads: &[Upload]| {
            Sent::read(fields, uploads).map(|sent| sent.digest).unwrap_or_default()
        };
        let tried = of(&none, &[upload("a.csv", b"id\n1\n")]);
        assert_eq!(tried, of(&none, &[upload("folder/a.csv", b"id\n1\n")]));
        assert_ne!(tried, of(&none, &[upload("a.csv", b"id\n2\n")]));
        assert_ne!(tried, of(&none, &[upload("b.csv", b"id\n1\n")]));
        let chosen = Fields::read(b"complete=events");
        assert_ne!(tried, of(&chosen, &[upload("a.csv", b"id\n1\n")]));
    }

    #[test]
    fn files_that_are_no_text_or_there_twice_are_told_in_place() {
        let problems = |uploads: &[Upload]| match Sent::read(&Fields::default(), uploads) {
            Err(Error::Invalid(problems)) => {
                problems.shown().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
            }
            _ => String::new(),
        };
        let broken = problems(&[upload("a.csv", b"id\n\xff\n")]);
        assert_eq!(broken, "a.csv:2: the file is not in UTF-8 [bad-utf8]");
        let twice = problems(&[upload("a.csv", b""), upload("x/a.csv", b"")]);
        assert_eq!(twice, "a.csv: a file of this name is here twice [file-twice]");
        assert_eq!(problems(&[]), "no file was chosen [missing-value]");
    }
}
