//! The rules of a partner network: facts, a rulebook and a date go in, decisions with reasons
//! come out.
//!
//! An [edition](rulebook::Edition) of a rulebook says what a network counts: measures, windows,
//! tiers, reviews, discounts. It is data; nothing here names a tier or a number of any network.
//! [Facts](facts::Facts) are what happened, loaded in one state of knowledge. An
//! [`Evaluator`](evaluation::Evaluator) is an edition made ready for facts, and answers as of any
//! day: a [scorecard](scorecard::Scorecard) with the facts behind every number, counted and not
//! counted, the next [review](review::ReviewForecast), a
//! [discount statement](discount::DiscountStatement), and what [changed](changes::Changes).
//! A [plan](plan::Plan) is the cheapest way to a goal.
//!
//! Reading can fail, and then reports every problem at once. Evaluating cannot: what is not known
//! is called unknown. Nothing here asks for the time, opens a file or draws a random number.
//!
//! ```
//! use std::io::{Cursor, Read};
//!
//! use guildhall_rules::day::Day;
//! use guildhall_rules::evaluation::Evaluator;
//! use guildhall_rules::facts::{LoadOptions, Mapping, References, Source, load};
//! use guildhall_rules::rulebook::{self, Catalogue};
//! use guildhall_rules::scorecard::FactLists;
//!
//! let text = r#"
//!     id = "tiles-2026"
//!     network = "tiles"
//!     title = "Tile setters"
//!     published_at = 2025-11-01T00:00:00Z
//!     in_force_from = 2026-01-01
//!     evaluation = 1
//!     currency = "EUR"
//!     [[components]]
//!     id = "work"
//!     title = "Work"
//!     [[measures]]
//!     id = "roofs"
//!     title = "Roofs finished"
//!     component = "work"
//!     kind = "count"
//!     of = "opportunities"
//!     window = { rolling_months = 12 }
//!     [[paths]]
//!     id = "setters"
//!     title = "Setters"
//!     [[paths.tiers]]
//!     id = "member"
//!     title = "Member"
//!     [[paths.tiers]]
//!     id = "expert"
//!     title = "Expert"
//!     requires = { roofs = 2 }
//!     [review]
//!     every_months = 12
//!     counted_from = ["review"]
//!     resets_windows = ["review"]
//!     when_not_met = "keep"
//! "#;
//! let edition = rulebook::load("rulebook.toml", text).expect("a good rulebook");
//! let catalogue = Catalogue::new([&edition]);
//!
//! let file = |name: &str, text: &'static str| Source {
//!     name: name.to_owned(),
//!     shown: name.to_owned(),
//!     size: text.len() as u64,
//!     open: Box::new(move || Ok(Box::new(Cursor::new(text)) as Box<dyn Read + Send>)),
//! };
//! let files = [
//!     file("partners.csv", "id,name,path,tier\nada,Ada & Co,setters,member\n"),
//!     file(
//!         "opportunities.csv",
//!         "id,partner,customer,stage,expected_mrr,currency,launched_on\n\
//!          roof-1,ada,inn,Launched,100,EUR,2026-02-01\n\
//!          roof-2,ada,barn,Committed,100,EUR,\n",
//!     ),
//! ];
//! let options = LoadOptions { known_at: None, threads: 1, references: References::Folder };
//! let loaded = load("facts", &files, &Mapping::default(), &catalogue, options, None)?;
//! assert!(loaded.problems.is_empty());
//!
//! let evaluator = Evaluator::new(&edition, &catalogue, &loaded.facts);
//! let ada = loaded.facts.find_partner("ada").expect("a partner");
//! let day = Day::parse(b"2026-06-30").expect("a day");
//! let scorecard = evaluator.scorecard(ada, day, None, FactLists::Listed);
//! let roofs = &scorecard.rows[0];
//! assert_eq!(roofs.upgrade.value.to_string(), "1");
//! let why = &roofs.not_counted.as_ref().expect("lists")[0];
//! assert_eq!((why.fact.as_str(), why.reason.word()), ("roof-2", "not_launched"));
//! # Ok::<(), std::io::Error>(())
//! ```

pub mod day;
pub mod decimal;
pub mod number;
pub mod period;
pub mod problem;
pub mod reason;

pub mod rulebook;

pub mod facts;

pub mod evaluation;
pub mod evidence;
pub mod lapse;
pub mod review;

pub mod discount;
pub mod scorecard;

pub mod changes;
pub mod forecast;
pub mod impact;

pub mod examples;
pub mod plan;
pub mod words;
