//! The facts of an invented network, one partner after the other.
//!
//! What a partner has depends on the seed and its number alone, except that people move here from
//! partners written shortly before.

use std::io;
use std::path::Path;

use super::chance::{Calendar, Day, Dice};
use super::table::Files;
use super::words::{
    COLOURS, COMMENTS, COMPANIES, COUNTRIES, FAMILY, GIVEN, INDUSTRIES, OPPORTUNITY_REVIEWS,
    SEVERITIES, STAGES, THINGS, USE_CASES,
};
use super::{Size, Summary, Vocabulary};

/// The network while it is being written.
pub(super) struct Network<'a> {
    vocabulary: &'a Vocabulary,
    facts_per_partner: u32,
    seed: u64,
    files: Files,
    calendar: Calendar,
    credential_weight: u32,
    /// Customers invented so far.
    customers: u64,
    /// People who left a partner and may turn up at a later one; never more than [`LEAVERS`].
    leavers: Vec<Leaver>,
    /// The launched opportunities of the partner at hand.
    launched: Vec<(u64, Day)>,
}

/// A person who has left a partner.
struct Leaver {
    /// The number of the row of `individuals.csv`, whose id also names the person.
    individual: u64,
    name: (usize, usize),
    left_on: Day,
}

/// How many people who left are remembered.
const LEAVERS: usize = 16;

/// A partner while its facts are being written.
struct Partner<'a> {
    number: u64,
    /// From 0, a small partner, to 3, one of the largest.
    rung: u32,
    /// The place of its path in the vocabulary.
    path_index: usize,
    path: &'a str,
    tiers: &'a [String],
    /// How many customers it has, numbered from `first_customer`.
    customers: u32,
    first_customer: u64,
}

/// How many facts of each kind a partner gets.
struct Portions {
    individuals: u32,
    credentials: u32,
    opportunities: u32,
    references: u32,
    ratings: u32,
    business_plans: u32,
    validations: u32,
    cases: u32,
    survey_responses: u32,
    events: u32,
}

impl<'a> Network<'a> {
    /// Creates the files.
    pub(super) fn create(dir: &Path, vocabulary: &'a Vocabulary, size: &Size) -> io::Result<Self> {
        Ok(Self {
            vocabulary,
            facts_per_partner: size.facts_per_partner,
            seed: size.seed,
            files: Files::create(dir, vocabulary)?,
            calendar: Calendar::until(size.until),
            credential_weight: vocabulary.credentials.iter().map(|choice| choice.weight).sum(),
            customers: 0,
            leavers: Vec::new(),
            launched: Vec::new(),
        })
    }

    /// Completes the files, and counts.
    pub(super) fn finish(self) -> io::Result<Summary> {
        self.files.finish()
    }

    /// Writes a partner and all its facts.
    pub(super) fn write_partner(&mut self, number: u64) -> io::Result<()> {
        let mut dice = Dice::new(self.seed, number);
        let (rung, percent) = match dice.below(1_000) {
            0..600 => (0, dice.between(10, 70)),
            600..900 => (1, dice.between(80, 180)),
            900..990 => (2, dice.between(200, 400)),
            _ => (3, dice.between(600, 1_400)),
        };
        let path_index = match dice.below(100) {
            0..95 => 0,
            _ => 1 + dice.index(self.vocabulary.paths.len().saturating_sub(1)),
        }
        .min(self.vocabulary.paths.len().saturating_sub(1));
        let vocabulary = self.vocabulary;
        let (path, tiers) = vocabulary
            .paths
            .get(path_index)
            .map_or(("", [].as_slice()), |(path, tiers)| (path.as_str(), tiers.as_slice()));
        let facts = dice.portion(self.facts_per_partner, percent, 100);
        let partner = Partner {
            number,
            rung,
            path_index,
            path,
            tiers,
            customers: facts / 10 + 1,
            first_customer: self.customers + 1,
        };
        self.customers += u64::from(partner.customers);
        let history = self.write_reviews(&mut dice, &partner)?;
        self.write_partner_row(&mut dice, &partner, history == 0)?;
        let portions = self.portions(&mut dice, &partner, facts.saturating_sub(history));
        self.write_people(&mut dice, &partner, &portions)?;
        self.write_business(&mut dice, &partner, &portions)?;
        self.write_voices(&mut dice, &partner, &portions)?;
        self.write_standing(&mut dice, &partner, &portions)?;
        self.write_cases(&mut dice, &partner, portions.cases)?;
        self.write_events(&mut dice, &partner, portions.events)
    }

    /// Divides a partner's facts: a few of the rare kinds, the rest in the proportions 15
    /// individuals, 40 credentials, 30 opportunities, 15 ratings, 5 references.
    fn portions(&self, dice: &mut Dice, partner: &Partner, facts: u32) -> Portions {
        let vocabulary = self.vocabulary;
        let mut some =
            |per_mille, wanted| if wanted { dice.portion(facts, per_mille, 1_000) } else { 0 };
        let business_plans = some(5, true);
        let validations = some(7, !vocabulary.programs.is_empty());
        let cases = some(20, partner.path_index == 0);
        let survey_responses = some(10, true);
        let events = some(30, !vocabulary.event_kinds.is_empty());
        let rare = business_plans + validations + cases + survey_responses + events;
        let main = facts.saturating_sub(rare);
        let credentials = match self.credential_weight {
            0 => 0,
            _ => dice.portion(main, 40, 105),
        };
        Portions {
            individuals: dice.portion(main, 15, 105).max(credentials.min(1)),
            credentials,
            opportunities: dice.portion(main, 30, 105),
            references: dice.portion(main, 5, 105),
            ratings: dice.portion(main, 15, 105),
            business_plans,
            validations,
            cases,
            survey_responses,
            events,
        }
    }

    /// The partner's row; `is_shorthand` says that it carries the tier itself.
    fn write_partner_row(
        &mut self,
        dice: &mut Dice,
        partner: &Partner,
        is_shorthand: bool,
    ) -> io::Result<()> {
        let row = &mut self.files.partners;
        row.id("p-", partner.number);
        row.words(&[dice.pick(COLOURS), dice.pick(THINGS), dice.pick(COMPANIES)]);
        row.text(partner.path);
        if is_shorthand && dice.chance(95) {
            let since = dice.day_within(730);
            row.text(held_tier(dice, partner));
            row.day(&self.calendar, since);
            let review = dice.chance(60).then(|| dice.day_between(since, Day::UNTIL));
            row.day_if(&self.calendar, review);
            row.day_if(&self.calendar, dice.chance(30).then_some(since));
            row.day_if(&self.calendar, dice.chance(30).then_some(since));
        } else {
            row.empty(5);
        }
        let kinds = &self.vocabulary.partner_kinds;
        match (dice.chosen(kinds), dice.chosen(kinds)) {
            (Some(one), Some(other)) if one != other && dice.chance(20) => {
                row.list(&[one, other]);
            }
            (Some(one), _) if dice.chance(80) => row.text(one),
            _ => row.empty(1),
        }
        row.text(dice.pick(COUNTRIES));
        row.address("https://www.p", partner.number, ".example/");
        row.address("p", partner.number, ".example");
        row.text(if is_shorthand && dice.chance(2) { "suspended" } else { "" });
        match dice.number_below(partner.number) {
            earlier if earlier > 0 && dice.chance(2) => row.id("p-", earlier),
            _ => row.empty(1),
        }
        row.end()
    }

    /// The partner's history, spread over the two years before the end. Returns its rows, none
    /// for one partner in twelve.
    fn write_reviews(&mut self, dice: &mut Dice, partner: &Partner) -> io::Result<u32> {
        if dice.below(12) == 0 {
            return Ok(0);
        }
        let before = self.files.reviews.rows;
        let enrolled_on = dice.day_within(1_400);
        let lowest = partner.tiers.first().map_or("", String::as_str);
        let held = held_tier(dice, partner);
        let reviewed_on = dice.day_between(enrolled_on.max(Day::UNTIL.before(730)), Day::UNTIL);
        let is_young = enrolled_on > Day::UNTIL.before(300);
        self.review(partner, enrolled_on, "enrolment", if is_young { held } else { lowest }, None)?;
        if !is_young {
            let year_before = reviewed_on.before(365);
            if year_before > enrolled_on && dice.chance(50) {
                self.review(partner, year_before, "review", lowest, None)?;
            }
            let kind = match dice.below(20) {
                0..9 => "review",
                9..14 => "renewal",
                14..19 => "upgrade",
                _ => "downgrade",
            };
            self.review(partner, reviewed_on, kind, held, None)?;
        }
        let percent = match partner.rung {
            3 => 90,
            2 => 15,
            _ => 0,
        };
        if dice.chance(percent) {
            let on = dice.day_between(Day::UNTIL.before(800), Day::UNTIL.before(100));
            let on = on.max(enrolled_on);
            let valid_until = dice.chance(40).then(|| on.after(730));
            let tier = if on < reviewed_on && !is_young { lowest } else { held };
            self.review(partner, on, "executive_review", tier, valid_until)?;
        }
        if dice.below(100) == 0 {
            let on = dice.day_between(reviewed_on, Day::UNTIL);
            self.review(partner, on, "suspended", held, None)?;
            if dice.chance(60) {
                let on = dice.day_between(on, Day::UNTIL);
                self.review(partner, on, "reinstated", held, None)?;
            }
        }
        Ok(u32::try_from(self.files.reviews.rows - before).unwrap_or(u32::MAX))
    }

    fn review(
        &mut self,
        partner: &Partner,
        on: Day,
        kind: &str,
        tier: &str,
        valid_until: Option<Day>,
    ) -> io::Result<()> {
        let row = &mut self.files.reviews;
        row.own_id("v-");
        row.id("p-", partner.number);
        row.text(partner.path);
        row.day(&self.calendar, on);
        row.text(kind);
        row.text(tier);
        row.day_if(&self.calendar, valid_until);
        row.end()
    }

    fn write_people(
        &mut self,
        dice: &mut Dice,
        partner: &Partner,
        portions: &Portions,
    ) -> io::Result<()> {
        let first = self.files.individuals.rows + 1;
        for _ in 0..portions.individuals {
            self.write_individual(dice, partner)?;
        }
        for _ in 0..portions.credentials {
            let mut ticket = dice.below(self.credential_weight);
            let choice = self.vocabulary.credentials.iter().find(|choice| {
                let is_drawn = ticket < choice.weight;
                ticket = ticket.saturating_sub(choice.weight);
                is_drawn
            });
            let issued_on = dice.day_within(1_460);
            let row = &mut self.files.credentials;
            row.own_id("c-");
            row.id("i-", first + u64::from(dice.below(portions.individuals)));
            row.text(choice.map_or("", |choice| &choice.id));
            row.day(&self.calendar, issued_on);
            let valid_for = match dice.below(20) {
                0..14 => None,
                14..18 => Some(1_095),
                18 => Some(730),
                _ => Some(365),
            };
            row.day_if(&self.calendar, valid_for.map(|days| issued_on.after(days)));
            row.end()?;
        }
        Ok(())
    }

    /// One person, now and then somebody who has left an earlier partner or, rarely, this one.
    fn write_individual(&mut self, dice: &mut Dice, partner: &Partner) -> io::Result<()> {
        let mover = if dice.chance(2) { self.leavers.pop() } else { None };
        let name = mover
            .as_ref()
            .map_or_else(|| (dice.index(GIVEN.len()), dice.index(FAMILY.len())), |it| it.name);
        let joined_on = match &mover {
            Some(leaver) => dice.day_between(leaver.left_on, leaver.left_on.after(90)).happened(),
            None => dice.day_within(1_460).min(dice.day_within(1_460)),
        };
        let left_on = dice.chance(12).then(|| dice.day_between(joined_on, Day::UNTIL));
        let row = &mut self.files.individuals;
        let number = row.rows + 1;
        row.own_id("i-");
        row.id("p-", partner.number);
        match &mover {
            Some(leaver) => row.id("i-", leaver.individual),
            None => row.empty(1),
        }
        let part = |list: &[&'static str], place: usize| list.get(place).copied().unwrap_or("");
        row.words(&[part(GIVEN, name.0), part(FAMILY, name.1)]);
        match dice.below(20) {
            0..15 => row.email(&[("n", partner.number)], number),
            15..18 => row.email(&[("n", partner.number), ("exam", partner.number)], number),
            _ => row.empty(1),
        }
        row.day(&self.calendar, joined_on);
        row.day_if(&self.calendar, left_on);
        row.text(match dice.below(40) {
            0..2 => "no",
            2..10 => "yes",
            _ => "",
        });
        row.end()?;
        if let (None, Some(left_on)) = (mover, left_on)
            && self.leavers.len() < LEAVERS
        {
            self.leavers.push(Leaver { individual: number, name, left_on });
        }
        Ok(())
    }

    fn write_business(
        &mut self,
        dice: &mut Dice,
        partner: &Partner,
        portions: &Portions,
    ) -> io::Result<()> {
        self.launched.clear();
        for _ in 0..portions.opportunities {
            self.write_opportunity(dice, partner)?;
        }
        for _ in 0..portions.references {
            let of = dice.chosen(&self.launched).filter(|_| dice.chance(60)).copied();
            let earliest = of.map_or(Day::FIRST, |(_, launched_on)| launched_on);
            let published_on = dice.recent_day().max(earliest);
            let row = &mut self.files.references;
            row.own_id("x-");
            row.id("p-", partner.number);
            row.id("u-", of.map_or_else(|| partner.customer(dice), |(id, _)| partner.buyer(id)));
            match of {
                Some((opportunity, _)) => row.id("o-", opportunity),
                None => row.empty(1),
            }
            row.text(match dice.below(20) {
                0..3 => "private",
                3..10 => "public",
                _ => "",
            });
            row.day(&self.calendar, published_on);
            let withdrawn_on = dice.chance(7).then(|| dice.day_between(published_on, Day::UNTIL));
            row.day_if(&self.calendar, withdrawn_on);
            row.end()?;
        }
        Ok(())
    }

    fn write_opportunity(&mut self, dice: &mut Dice, partner: &Partner) -> io::Result<()> {
        let is_launched = dice.chance(55 + 8 * partner.rung);
        let stage = if is_launched { "Launched" } else { dice.pick(STAGES) };
        let on = dice.recent_day();
        let row = &mut self.files.opportunities;
        let number = row.rows + 1;
        row.own_id("o-");
        row.id("p-", partner.number);
        row.id("u-", partner.buyer(number));
        let use_case = dice.pick(USE_CASES);
        let industry = dice.pick(INDUSTRIES);
        row.words(&[use_case, "for", industry]);
        row.text(stage);
        row.text(match dice.below(20) {
            0..9 => "Approved",
            9..18 => "",
            _ => dice.pick(OPPORTUNITY_REVIEWS),
        });
        let hundreds = dice.below(60).min(dice.below(60)) + 1;
        let minor = if dice.chance(20) { dice.below(10_000) } else { 0 };
        row.amount(u64::from(hundreds * 10_000 + minor));
        let is_foreign = dice.chance(4);
        row.currency(&self.vocabulary.currency, is_foreign);
        row.day_if(&self.calendar, is_launched.then_some(on));
        let is_closed = stage == "Closed Lost" || is_launched && dice.chance(50);
        row.day_if(&self.calendar, is_closed.then_some(on));
        row.text(use_case);
        row.text(industry);
        row.text(dice.pick(COUNTRIES));
        row.end()?;
        if is_launched {
            self.launched.push((number, on));
        }
        Ok(())
    }

    /// What customers say: ratings and answers to surveys.
    fn write_voices(
        &mut self,
        dice: &mut Dice,
        partner: &Partner,
        portions: &Portions,
    ) -> io::Result<()> {
        for _ in 0..portions.ratings {
            let row = &mut self.files.ratings;
            row.own_id("r-");
            row.id("p-", partner.number);
            row.id("u-", partner.customer(dice));
            row.text(dice.score());
            row.day(&self.calendar, dice.recent_day());
            row.text(if dice.chance(25) { dice.pick(USE_CASES) } else { "" });
            row.text(dice.pick(&["yes", "no", "", ""]));
            row.text(dice.pick(&["yes", "no", "", "", "", ""]));
            row.text(if dice.chance(10) { dice.pick(COMMENTS) } else { "" });
            row.end()?;
        }
        for _ in 0..portions.survey_responses {
            let row = &mut self.files.survey_responses;
            row.own_id("s-");
            row.id("p-", partner.number);
            if dice.chance(80) {
                row.id("u-", partner.customer(dice));
            } else {
                row.empty(1);
            }
            row.day(&self.calendar, dice.recent_day());
            match dice.below(3) {
                0 => row.text(dice.score()),
                1 => row.list(&[dice.score(), dice.score()]),
                _ => row.list(&[dice.score(), dice.score(), dice.score()]),
            }
            row.end()?;
        }
        Ok(())
    }

    /// What the vendor grants: business plans, one a year, and validations.
    fn write_standing(
        &mut self,
        dice: &mut Dice,
        partner: &Partner,
        portions: &Portions,
    ) -> io::Result<()> {
        let mut days_ago = dice.between(25, 330);
        for _ in 0..portions.business_plans.min(4) {
            let submitted_on = Day::UNTIL.before(days_ago);
            let validated_on = submitted_on.after(dice.below(25)).happened();
            let row = &mut self.files.business_plans;
            row.own_id("b-");
            row.id("p-", partner.number);
            row.day(&self.calendar, submitted_on);
            row.day_if(&self.calendar, (!dice.chance(10)).then_some(validated_on));
            row.day_if(&self.calendar, dice.chance(30).then(|| validated_on.after(365)));
            row.end()?;
            days_ago += dice.between(320, 340);
        }
        for _ in 0..portions.validations {
            let granted_on = dice.day_within(1_460);
            let row = &mut self.files.validations;
            row.own_id("g-");
            row.id("p-", partner.number);
            row.text(dice.chosen(&self.vocabulary.programs).map_or("", String::as_str));
            row.day(&self.calendar, granted_on);
            let valid_for = match dice.below(10) {
                0..6 => None,
                6..9 => Some(1_095),
                _ => Some(365),
            };
            row.day_if(&self.calendar, valid_for.map(|days| granted_on.after(days)));
            row.end()?;
        }
        Ok(())
    }

    fn write_cases(&mut self, dice: &mut Dice, partner: &Partner, cases: u32) -> io::Result<()> {
        for _ in 0..cases {
            let opened_on = dice.recent_day();
            let is_resolved = dice.chance(90);
            let row = &mut self.files.cases;
            row.own_id("k-");
            row.id("p-", partner.number);
            row.id("u-", partner.customer(dice));
            row.day(&self.calendar, opened_on);
            row.text(if dice.chance(4) { "customer" } else { "partner" });
            row.text(dice.pick(&["vendor", "vendor", "", "", "", "", "", "partner"]));
            row.text(dice.pick(&[
                "partner_led",
                "partner_led",
                "",
                "",
                "",
                "",
                "resold",
                "direct",
            ]));
            row.text(dice.pick(SEVERITIES));
            let resolved_on = opened_on.after(dice.below(20).min(dice.below(20))).happened();
            row.day_if(&self.calendar, is_resolved.then_some(resolved_on));
            let code = dice.chosen(&self.vocabulary.resolution_codes).filter(|_| is_resolved);
            row.text(code.map_or("", String::as_str));
            row.end()?;
        }
        Ok(())
    }

    fn write_events(&mut self, dice: &mut Dice, partner: &Partner, events: u32) -> io::Result<()> {
        let Some(row) = &mut self.files.events else { return Ok(()) };
        for _ in 0..events {
            let on = dice.recent_day();
            row.own_id("e-");
            row.id("p-", partner.number);
            row.text(dice.chosen(&self.vocabulary.event_kinds).map_or("", String::as_str));
            row.id("u-", partner.customer(dice));
            row.day(&self.calendar, on);
            row.day_if(&self.calendar, dice.chance(20).then(|| on.after(dice.below(365))));
            if dice.chance(50) {
                row.amount(u64::from(dice.between(1, 5_000)) * 1_000);
                row.text(&self.vocabulary.currency);
            } else {
                row.empty(2);
            }
            row.empty(1);
            row.end()?;
        }
        Ok(())
    }
}

impl Partner<'_> {
    /// Any of its customers.
    fn customer(&self, dice: &mut Dice) -> u64 {
        self.first_customer + u64::from(dice.below(self.customers))
    }

    /// The customer of an opportunity.
    fn buyer(&self, opportunity: u64) -> u64 {
        let spread = opportunity.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
        self.first_customer + spread % u64::from(self.customers)
    }
}

/// A tier that fits the partner's size, at times the one below.
fn held_tier<'a>(dice: &mut Dice, partner: &Partner<'a>) -> &'a str {
    let rung = usize::try_from(partner.rung).unwrap_or(0);
    let place = (rung * partner.tiers.len().saturating_sub(1)).div_ceil(3);
    let place = place.saturating_sub(usize::from(dice.chance(25)));
    partner.tiers.get(place).map_or("", String::as_str)
}
