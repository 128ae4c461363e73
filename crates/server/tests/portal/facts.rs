//! Facts, imports and search, as a browser without script meets them.

use axum::body::Body;
use axum::http::Request;
use axum::http::header::CONTENT_TYPE;

use crate::browser::{Browser, Page, World};
use crate::databases::Database;

const HOSTILE: &str = "<script>alert(1)</script>=1+1 '\"é\u{202e}";

fn world(test: impl Fn(&World)) {
    for database in Database::both() {
        test(&World::new(&database.url));
    }
}

/// The fields of an opportunity as the form sends them.
fn roof<'f>(id: &'f str, more: &[(&'f str, &'f str)]) -> Vec<(&'f str, &'f str)> {
    let mut fields = vec![
        ("id", id),
        ("partner", "ada"),
        ("customer", "town"),
        ("stage", "Launched"),
        ("expected_mrr", "10"),
        ("currency", "EUR"),
        ("launched_on", "2025-12-01"),
    ];
    for (name, value) in more {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    fields
}

/// The value of a hidden field.
fn hidden(page: &Page, name: &str) -> String {
    let mark = format!("type=\"hidden\" name=\"{name}\" value=\"");
    let (_, rest) = page.text.split_once(&mark).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

fn sent_as_part(browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)]) -> Page {
    let mut body = form_urlencoded::Serializer::new(String::new());
    let token = browser.token.clone();
    body.append_pair("token", &token).extend_pairs(fields);
    let request = Request::post(path)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("hx-request", "true");
    browser.send(request.body(Body::from(body.finish())).unwrap())
}

#[test]
fn a_partner_finds_its_facts_by_kind_filters_them_and_takes_them_along() {
    world(|world| {
        let mut lea = world.signed_in("lea@ada.example");
        lea.get("/partners/ada/facts")
            .says("/partners/ada/facts/opportunities")
            .says("Opportunities");
        lea.get("/partners/ada/facts/opportunities").says("o-1").says("o-2").says("1 Sep 2025");
        lea.get("/partners/ada/facts/opportunities?from=2025-09-15").says("o-2").says_not(">o-1<");
        lea.get("/partners/ada/facts/opportunities?q=O-1").says("o-1").says_not(">o-2<");
        lea.get("/partners/ada/facts/opportunities?q=100%25").says("None fits");
        lea.get("/partners/ada/facts/opportunities?from=soon").says("That is no day").says("o-1");
        let csv = lea.get("/partners/ada/facts/opportunities.csv?q=o-1");
        assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
        csv.says("id,partner,customer").says("o-1,ada,town").says_not("o-2");
        lea.get("/partners/ada/facts/credentials").says("c-1").says("Mosaic");
        assert_eq!(lea.get("/partners/ada/facts/nothing").status, 404);
        assert_eq!(lea.get("/partners/ada/facts/nothing.csv").status, 404);
    });
}

#[test]
fn a_stranger_finds_nothing() {
    world(|world| {
        let mut ben = world.signed_in("ben@bob.example");
        for path in [
            "/partners/ada/facts",
            "/partners/ada/facts/opportunities",
            "/partners/ada/facts/opportunities.csv",
            "/facts/opportunities/o-1",
            "/facts/opportunities/o-1/correct",
            "/facts/opportunities/o-1/retract",
            "/facts/opportunities/new?partner=ada",
            "/facts/references/o-1/withdraw",
            "/facts/nothing/o-1",
            "/imports",
            "/imports/new",
        ] {
            assert_eq!(ben.get(path).status, 404, "{path}");
        }
        ben.get("/facts/opportunities/new").says("New: Opportunity");
        let fields = roof("o-9", &[("do", "save")]);
        for path in ["/facts/opportunities/new", "/facts/opportunities/o-1/correct"] {
            assert_eq!(ben.post(path, &fields).status, 404, "{path}");
        }
        let retraction = [("reason", "mine"), ("opened", "1")];
        assert_eq!(ben.post("/facts/opportunities/o-1/retract", &retraction).status, 404);
        ben.get("/search?q=o-1").says("Nothing that you may see");
        let mut nobody = world.browser();
        let page = nobody.get("/facts/opportunities/o-1");
        assert_eq!((page.status, page.location().starts_with("/sign-in?next=")), (303, true));
    });
}

#[test]
fn a_new_fact_shows_its_effect_first_and_is_saved_then() {
    world(|world| {
        let mut lea = world.signed_in("lea@ada.example");
        let form = lea.get("/facts/opportunities/new?partner=ada");
        form.says("New: Opportunity").says("value=\"EUR\"").says("Show the effect");
        form.says_not("value=\"save\"").says_not("Approved");
        let page = lea.post("/facts/opportunities/new", &roof("o-3", &[("do", "preview")]));
        assert_eq!(page.status, 200);
        // What is not reviewed yet moves nothing.
        page.says("Nothing moves").says("value=\"save\"").says("value=\"o-3\"");
        let mut mia = world.signed_in("mia@tiles.example");
        mia.get("/facts/opportunities/new?partner=ada");
        let approved = roof("o-4", &[("review", "Approved"), ("do", "preview")]);
        let page = mia.post("/facts/opportunities/new", &approved);
        page.says("On the scorecard of ada").says("Roofs finished").says("o-4 counts");
        let saved = mia.post(
            "/facts/opportunities/new",
            &roof("o-4", &[("review", "Approved"), ("do", "save")]),
        );
        assert_eq!((saved.status, saved.location()), (303, "/facts/opportunities/o-4"));
        mia.get("/facts/opportunities/o-4").says("Opportunity added.").says("Added").says("mia");
        // The partner sees for whom it was done, and not who it was.
        lea.get("/facts/opportunities/o-4").says("tiles").says_not("mia");
        mia.get("/facts/opportunities/new?partner=ada");
        let taken = mia.post("/facts/opportunities/new", &roof("o-4", &[("do", "save")]));
        assert_eq!(taken.status, 409);
        taken.says("There is a opportunity `o-4` already");
    });
}

#[test]
fn what_is_wrong_stands_beside_its_field_and_everything_stays_as_typed() {
    world(|world| {
        let mut mia = world.signed_in("mia@tiles.example");
        mia.get("/facts/opportunities/new");
        let wrong = [
            ("title", HOSTILE),
            ("expected_mrr", "1,450"),
            ("launched_on", "soon"),
            ("stage", "Nowhere"),
            ("do", "save"),
        ];
        let page = mia.post("/facts/opportunities/new", &roof("o-5", &wrong));
        assert_eq!(page.status, 422, "{}", page.text);
        page.says("id=\"problem-expected_mrr\"").says("id=\"problem-launched_on\"");
        page.says("id=\"problem-stage\"").says("value=\"1,450\"").says("value=\"soon\"");
        page.says("<option value=\"Nowhere\" selected>").says_not("<script>alert");
        let part = sent_as_part(&mut mia, "/facts/opportunities/preview", &roof("o-5", &wrong));
        assert_eq!(part.status, 200);
        part.says("Expected monthly revenue").says_not("<html").says_not("value=\"save\"");
    });
}

#[test]
fn hostile_values_are_texts_everywhere() {
    world(|world| {
        let mut mia = world.signed_in("mia@tiles.example");
        mia.get("/facts/opportunities/new");
        let id = "a/b ?&#%<i>\"";
        let fields = roof(id, &[("title", HOSTILE), ("customer", "=cmd()"), ("do", "save")]);
        let saved = mia.post("/facts/opportunities/new", &fields);
        assert_eq!(saved.status, 303, "{}", saved.text);
        let page = mia.get(saved.location());
        assert_eq!(page.status, 200);
        page.says("&#60;script&#62;").says_not("<script>alert");
        for way in ["correct", "retract"] {
            let page = mia.get(&format!("{}/{way}", saved.location()));
            assert_eq!(page.status, 200, "{way}");
            page.says_not("<script>alert");
        }
        let list = mia.get("/partners/ada/facts/opportunities?q=%3Cscript%3E");
        list.says("&#60;i&#62;").says_not("<script>alert").says_not("<i>");
        mia.get("/partners/ada/facts/opportunities.csv").says("'=cmd()");
        mia.get("/search?q=a%2Fb").says("&#60;i&#62;").says_not("<i>");
        let new = roof("new", &[("do", "save")]);
        mia.get("/facts/opportunities/new");
        let saved = mia.post("/facts/opportunities/new", &new);
        assert_eq!(saved.location(), "/facts/opportunities/%6Eew");
        mia.get(saved.location()).says("Opportunity new");
    });
}

#[test]
fn a_correction_shows_what_flips_and_the_version_before_stays() {
    world(|world| {
        let mut mia = world.signed_in("mia@tiles.example");
        let form = mia.get("/facts/opportunities/o-1/correct");
        let opened = hidden(&form, "opened");
        let changed =
            roof("o-1", &[("stage", "Committed"), ("launched_on", ""), ("opened", &opened)]);
        let previewed = [changed.clone(), vec![("do", "preview")]].concat();
        let page = mia.post("/facts/opportunities/o-1/correct", &previewed);
        page.says("Roofs finished").says("no longer met").says("o-1 no longer counts");
        let part = sent_as_part(&mut mia, "/facts/opportunities/preview", &changed);
        part.says("no longer met").says("value=\"save\"").says_not("<html");
        let saved =
            mia.post("/facts/opportunities/o-1/correct", &[changed, vec![("do", "save")]].concat());
        assert_eq!(saved.location(), "/facts/opportunities/o-1", "{}", saved.text);
        let page = mia.get("/facts/opportunities/o-1");
        page.says("<del><bdi>Launched</bdi></del>").says("<ins><bdi>Committed</bdi></ins>");
        page.says("held now").says("Corrected");
    });
}

#[test]
fn the_second_of_two_is_shown_the_difference_chooses_and_saves() {
    world(|world| {
        let mut mia = world.signed_in("mia@tiles.example");
        let mut lea = world.signed_in("lea@ada.example");
        let path = "/facts/opportunities/o-1/correct";
        let opened = hidden(&lea.get(path), "opened");
        let first = hidden(&mia.get(path), "opened");
        let by_mia = roof(
            "o-1",
            &[
                ("expected_mrr", "20"),
                ("industry", "mills"),
                ("launched_on", "2025-09-01"),
                ("opened", &first),
                ("do", "save"),
            ],
        );
        assert_eq!(mia.post(path, &by_mia).status, 303);
        let by_lea = roof(
            "o-1",
            &[
                ("expected_mrr", "30"),
                ("title", "Roof"),
                ("launched_on", "2025-09-01"),
                ("opened", &opened),
                ("do", "save"),
            ],
        );
        let page = lea.post(path, &by_lea);
        assert_eq!(page.status, 409);
        page.says("Somebody else changed this fact")
            .says("name=\"take.expected_mrr\" value=\"theirs\"");
        // What only the other changed is taken over, what only I changed stays.
        page.says("value=\"mills\"").says("value=\"Roof\"").says("value=\"30\"");
        let now = hidden(&page, "opened");
        assert_ne!(now, opened);
        let chosen = roof(
            "o-1",
            &[
                ("expected_mrr", "30"),
                ("take.expected_mrr", "theirs"),
                ("title", "Roof"),
                ("industry", "mills"),
                ("launched_on", "2025-09-01"),
                ("opened", &now),
                ("do", "save"),
            ],
        );
        let saved = lea.post(path, &chosen);
        assert_eq!(saved.status, 303, "{}", saved.text);
        let page = lea.get("/facts/opportunities/o-1");
        page.says("<bdi>20</bdi>")
            .says("<bdi>Roof</bdi>")
            .says("<bdi>mills</bdi>")
            .says_not("<bdi>30</bdi>");
    });
}

#[test]
fn a_retraction_needs_a_reason_and_whoever_corrects_it_then_is_told() {
    world(|world| {
        let mut mia = world.signed_in("mia@tiles.example");
        let mut lea = world.signed_in("lea@ada.example");
        let correction = hidden(&lea.get("/facts/opportunities/o-1/correct"), "opened");
        let path = "/facts/opportunities/o-1/retract";
        let page = mia.get(path);
        page.says("o-1 no longer counts").says("Retract it");
        let opened = hidden(&page, "opened");
        let page = mia.post(path, &[("reason", " "), ("opened", &opened)]);
        assert_eq!(page.status, 422);
        page.says("id=\"problem-reason\"");
        let page = mia.post(path, &[("reason", "twice"), ("opened", "1")]);
        assert_eq!(page.status, 409);
        page.says("Somebody else changed it").says("value=\"twice\"");
        let done = mia.post(path, &[("reason", "twice in the books"), ("opened", &opened)]);
        assert_eq!(done.location(), "/facts/opportunities/o-1");
        let page = mia.get("/facts/opportunities/o-1");
        page.says("It is retracted.").says("twice in the books").says_not("/correct\"");
        let fields = roof("o-1", &[("opened", &correction), ("do", "save")]);
        let page = lea.post("/facts/opportunities/o-1/correct", &fields);
        assert_eq!(page.location(), "/facts/opportunities/o-1");
        lea.get(page.location()).says("Your correction was not saved");
    });
}

#[test]
fn a_customer_withdraws_the_reference_that_names_it() {
    world(|world| {
        let mut mia = world.signed_in("mia@tiles.example");
        mia.get("/facts/references/new?partner=ada");
        let fields = [
            ("id", "ref-1"),
            ("partner", "ada"),
            ("customer", "town"),
            ("published_on", "2025-11-01"),
            ("do", "save"),
        ];
        assert_eq!(mia.post("/facts/references/new", &fields).status, 303);
        let mut tom = world.signed_in("tom@town.example");
        tom.get("/facts/references/ref-1").says("/facts/references/ref-1/withdraw");
        tom.get("/facts/references/ref-1/withdraw").says("Withdraw it");
        let done = tom.post("/facts/references/ref-1/withdraw", &[]);
        assert_eq!(done.status, 303, "{}", done.text);
        tom.get("/facts/references/ref-1").says("The reference is withdrawn.").says("15 Jan 2026");
        assert_eq!(tom.post("/facts/references/ref-1/withdraw", &[]).status, 409);
    });
}

#[test]
fn the_search_finds_partners_people_and_facts_that_may_be_seen() {
    world(|world| {
        let mut mia = world.signed_in("mia@tiles.example");
        mia.get("/search?q=ad").says("href=\"/partners/ada\"");
        mia.get("/search?q=IDA").says("href=\"/people/i-1\"");
        mia.get("/search?q=ada.example").says("href=\"/people/i-1\"");
        mia.get("/search?q=o-").says("href=\"/facts/opportunities/o-1\"");
        mia.get("/search?q=x").says("at least two characters");
        mia.get("/search?q=%25%25").says("Nothing that you may see");
        let mut lea = world.signed_in("lea@ada.example");
        lea.get("/search?q=town").says("href=\"/facts/opportunities/o-1\"");
        let mut ben = world.signed_in("ben@bob.example");
        ben.get("/search?q=ida").says_not("/people/i-1");
        ben.get("/search?q=bo").says("href=\"/partners/bob\"");
        let mut tom = world.signed_in("tom@town.example");
        tom.get("/search?q=ada").says("href=\"/partners/ada\"").says_not("/people/");
        assert_eq!(world.browser().get("/search?q=ada").status, 303);
    });
}

/// Sends a folder as a browser does.
fn send(
    browser: &mut Browser<'_>,
    fields: &[(&str, &str)],
    files: &[(&str, &str)],
    is_part: bool,
) -> Page {
    let mut body = String::new();
    let token = browser.token.clone();
    for (name, value) in fields.iter().chain(&[("token", token.as_str())]) {
        body += &format!(
            "--tiles\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
    }
    for (name, text) in files {
        body += &format!(
            "--tiles\r\ncontent-disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\
             content-type: text/csv\r\n\r\n{text}\r\n"
        );
    }
    body += "--tiles--\r\n";
    let mut request =
        Request::post("/imports/new").header(CONTENT_TYPE, "multipart/form-data; boundary=tiles");
    if is_part {
        request = request.header("hx-request", "true");
    }
    browser.send(request.body(Body::from(body)).unwrap())
}

const ROOFS: &str = "id,partner,customer,stage,expected_mrr,currency,launched_on\n\
                     o-1,ada,town,Launched,10,EUR,2025-09-01\n\
                     o-7,ada,town,Launched,70,EUR,2025-12-01\n";

#[test]
fn a_folder_is_tried_before_it_is_imported() {
    world(|world| {
        let mut mia = world.signed_in("mia@tiles.example");
        mia.get("/imports/new").says("Try it first").says_not("value=\"import\"");
        let files = [("opportunities.csv", ROOFS), ("network.toml", "id = \"tiles\"\n")];
        // Nothing is imported that was not tried.
        let page = send(&mut mia, &[("do", "import")], &files, false);
        assert_eq!(page.status, 200, "{}", page.text);
        page.says("What would be done").says("value=\"import\"");
        assert_eq!(mia.get("/facts/opportunities/o-7").status, 404);
        mia.get("/imports/new");
        let part = send(&mut mia, &[("do", "try")], &files, true);
        part.says("What would be done").says_not("<html");
        let tried = hidden(&part, "tried");
        let others = [("opportunities.csv", ROOFS.trim_end())];
        let page = send(&mut mia, &[("do", "import"), ("tried", &tried)], &others, false);
        assert_eq!(page.status, 200, "other files than those that were tried");
        let done = send(&mut mia, &[("do", "import"), ("tried", &tried)], &files, false);
        assert_eq!((done.status, done.location()), (303, "/imports"), "{}", done.text);
        mia.get("/facts/opportunities/o-7").says("Imported");
        world.app.store.seal(world.app.clock.now()).unwrap();
        mia.get("/imports").says("opportunities.csv").says("mia");
    });
}

#[test]
fn what_is_wrong_with_a_folder_is_told_in_place_and_can_be_left_out() {
    world(|world| {
        let mut mia = world.signed_in("mia@tiles.example");
        mia.get("/imports/new");
        let text = format!("{ROOFS}o-8,ada,=town,Nowhere,<b>,EUR,2025-12-01\n");
        let files = [("opportunities.csv", text.as_str())];
        let page = send(&mut mia, &[("do", "try")], &files, false);
        assert_eq!(page.status, 422);
        page.says("opportunities.csv:4:stage").says("opportunities.csv:4:expected_mrr");
        page.says("o-8,ada,=town,Nowhere,&#60;b&#62;").says_not("<b>").says_not("value=\"import\"");
        let rejects = send(&mut mia, &[("do", "rejects")], &files, false);
        assert_eq!(rejects.status, 200);
        rejects.says("o-8").says_not("o-7");
        let chosen = [("do", "try"), ("leave_out", "yes")];
        mia.get("/imports/new");
        let page = send(&mut mia, &chosen, &files, false);
        assert_eq!(page.status, 200, "{}", page.text);
        page.says("One row would be left out").says("opportunities.csv:4:stage");
        let tried = hidden(&page, "tried");
        let fields = [("do", "import"), ("leave_out", "yes"), ("tried", tried.as_str())];
        assert_eq!(send(&mut mia, &fields, &files, false).location(), "/imports");
        assert_eq!(mia.get("/facts/opportunities/o-7").status, 200);
        assert_eq!(mia.get("/facts/opportunities/o-8").status, 404);
        mia.get("/imports/new");
        let foreign = [("network.toml", "id = \"slates\"\n"), ("opportunities.csv", ROOFS)];
        send(&mut mia, &[("do", "try")], &foreign, false).says("is of the network `slates`");
        mia.get("/imports/new");
        send(&mut mia, &[("do", "try")], &[], false).says("No file was chosen");
        let mut lea = world.signed_in("lea@ada.example");
        lea.get("/partners/ada/facts");
        assert_eq!(send(&mut lea, &[("do", "try")], &files, false).status, 404);
    });
}
