# The words of the portal in English. Another language is another file like this one, and a line in
# `html/texts.rs`; what it lacks is said in English. Titles of tiers, measures, credentials and
# programs are data of the rulebook.
#
# `{ $count }` is a number as it is written, `{ $n }` the same to choose a form by, `{ $it }` a text.
# Keys begin with the page that says them; words of the engine with what they are words of.

## Numbers, days, money

locale-decimal-sign = .
locale-group-sign = ,
locale-month-1 = Jan
locale-month-2 = Feb
locale-month-3 = Mar
locale-month-4 = Apr
locale-month-5 = May
locale-month-6 = Jun
locale-month-7 = Jul
locale-month-8 = Aug
locale-month-9 = Sep
locale-month-10 = Oct
locale-month-11 = Nov
locale-month-12 = Dec
locale-day = { $day } { $month } { $year }
locale-moment = { $day }, { $time } UTC
locale-money = { $amount } { $currency }
locale-today = today
locale-in-days = { $n ->
    [one] tomorrow
   *[other] in { $count } days
}
locale-days-ago = { $n ->
    [one] yesterday
   *[other] { $count } days ago
}

## The frame

frame-skip = Skip to the content
frame-search = Search partners, people, facts
frame-account = Account
frame-sign-out = Sign out
frame-ways = Pages
frame-actions = Actions
frame-foot = Guildhall. Every number comes from dated facts and can be opened down to them.
way-waiting = Waiting for you
way-network = Network
way-reviews = Tier reviews
way-enrolments = Enrolments
way-scorecard = Scorecard
way-facts = Facts
way-people = People
way-profile = Our profile
way-customer = Our workloads
way-decisions = Decisions
way-disputes = Disputes
way-rulebook = Rulebook
way-imports = Imports
way-users = Users
way-journal = Journal

## Problems

problem-not-found = There is no such page
problem-not-found-what = It may never have been there, or it is not for you to see.
problem-denied = You may not do this
problem-denied-what = { $it }
problem-invalid = That cannot be read
problem-invalid-what = Something in the address or the form is not what it should be.
problem-conflict = That is not possible right now
problem-stale-form = This form is out of date
problem-changed = Somebody else changed it
problem-changed-what = It was changed since you opened the page. Look at it again before you change it.
problem-too-many = Too many attempts
problem-unavailable = The database cannot be used right now
problem-unavailable-what = It is busy or out of reach. Nothing was changed; try again in a moment.
problem-internal = Something broke
problem-internal-what = It is our fault, and the server's log has the details. Nothing was changed by halves.
problem-home = Go to your first page
problem-sign-in = Go to the sign-in page
form-too-many = There were too many attempts. Try again after { $it }.
denial-role = None of your roles allows it.
denial-own-roles = Nobody changes their own roles.
denial-own-request = Nobody decides about what they asked for themselves.
denial-own-company = Nobody rates their own company.
denial-decided-by-vendor = This is decided by the vendor.
denial-operators-only = Only operators may do this to an operator.
denial-session-only = This is done signed in, not by a token.
denial-scope = The token was not made for it.
denial-second-factor = It needs a second factor that was proved just now.
denial-failed = The policies could not be asked.

## Signing in

sign-in-title = Sign in
sign-in-email = E-mail address
sign-in-password = Password
sign-in-do = Sign in
sign-in-forgotten = Forgotten your password?
sign-in-refused = The e-mail address or the password is wrong.
demo-title = This is a demonstration
demo-what = Nothing here is real, and nothing is kept. Choose as whom you look around. Everybody's password is
demo-code = In this demonstration, the code is
code-title = Second factor
code-what = Enter the code that your authenticator app shows.
code-afresh = What you are about to do needs a proof that it is you. Enter the code that your authenticator app shows.
code-code = Six-digit code
code-lost = No phone at hand?
code-recovery = Recovery code
code-recovery-hint = One of the codes you were given when you set the second factor up. Each works once.
code-do = Continue
forgotten-title = New password
forgotten-what = We send you a link by which you choose a new password.
forgotten-do = Send the link
forgotten-sent = If there is a user of this address, a mail with a link is on its way.
reset-title = Choose a new password
password-title = Password
password-what = All your other sessions end when you change it.
password-present = Password so far
password-new = New password
password-again = New password again
password-hint = At least twelve characters. A few words are better than a short riddle.
password-not-the-same = The two passwords are not the same.
password-do = Set the password
invitation-title = Welcome
invitation-what = You were invited. Tell us what to call you, and choose a password.
invitation-name = Your name
invitation-do = Join
domain-title = E-mail domain
domain-what = An organization says that the domain of this mailbox is its own. Confirm it if that is true.
domain-do = Confirm the domain
domain-confirmed = The domain { $it } is confirmed. You may close this page.
notice-signed-out = You are signed out.
notice-password-set = Your new password is set. Sign in with it.

## Account

account-title = Account
account-name = Name
account-organization = Organization
account-roles = Roles
account-no-roles = none
account-factor-on = set up
account-factor-off = not set up
account-sessions = { $n ->
    [one] one
   *[other] { $count }
}
account-tokens = { $n ->
    [0] none
    [one] one
   *[other] { $count }
}
sessions-title = Sessions
sessions-agent = Browser
sessions-address = From
sessions-begun = Begun
sessions-seen = Used last
sessions-unknown = unknown
sessions-this = this one
sessions-end = End
tokens-title = API tokens
tokens-what = A token lets a program do what you may do, and no more.
tokens-reference = Reference of the API
tokens-once = Copy the token now. It is shown this once.
tokens-name = Name
tokens-name-hint = Where it is used, as in “nightly export”.
tokens-scopes = May
tokens-created = Made
tokens-used = Used last
tokens-ends = Ends
tokens-never-used = never
tokens-never-ends = never
tokens-revoke = Revoke
tokens-new = New token
tokens-last-day = Last day
tokens-last-day-hint = Empty for a token without end.
tokens-do = Make a token
scope-read = read
scope-write = read and change facts
scope-admin = do all that you may
factor-title = Second factor
factor-is-off = A code from an app on your phone, asked for after your password, keeps others out even if they know it.
factor-is-required = Your roles need a second factor: a code from an app on your phone, asked for after your password.
factor-is-on = { $n ->
    [0] It is set up. You have no recovery codes left.
    [one] It is set up. You have one recovery code left.
   *[other] It is set up. You have { $count } recovery codes left.
}
factor-set-up = Set it up
factor-replace = Set it up on another phone
factor-new-codes = New recovery codes
factor-remove = Remove it
factor-scan = Scan this with an authenticator app, then enter the code that it shows.
factor-qr = QR code of the secret
factor-type = Or type the secret:
factor-confirm = Confirm
factor-begin-again = The secret above is a new one. Scan it again.
factor-codes-once = Keep these recovery codes where you find them without your phone. Each works once, and they are shown this once.
factor-codes-kept = I have kept them
notice-password-changed = Your password is changed. All other sessions have ended.
notice-session-ended = The session has ended.
notice-token-revoked = The token is revoked.
notice-factor-removed = The second factor is removed.
role-operator = Operator
role-program-manager = Program manager
role-partner-development-manager = Partner development manager
role-auditor = Auditor
role-vendor-finance = Finance
role-alliance-lead = Alliance lead
role-alliance-team = Alliance team
role-delivery = Delivery
role-support = Support
role-partner-finance = Finance
role-it-owner = IT owner
role-security = Security
role-customer-finance = Finance

## Scorecard: standing, evidence, history, changes, lapses, discount

## Facts: lists, forms, versions, imports, search

## People, partners, customers

row-list-hint = Several with semicolons between.
row-changed = Somebody else changed this since you opened it. What they wrote stands below the fields that differ; save again to put yours in its place.
row-now = By now: { $it }
row-now-empty = By now: empty
row-save = Save
row-leave = Leave it
row-field-name = Name
row-field-legal-name = Legal name
row-field-country = Country
row-field-website = Website
row-field-kinds = Kinds of partner
row-field-domains = E-mail domains
row-field-offices = Offices
row-field-description = About
row-field-kind = Kind
row-field-parent = Part of
row-field-environment = Runs
row-field-unit = Unit
row-field-owner = Owner
row-field-accounts = Accounts
row-field-regions = Regions
row-field-design-services = Services by design
environment-on-premises = on premises
environment-test = as a test
environment-production = in production
partner-suspended = suspended
partner-edit-do = Edit profile
partner-edit-title = Profile
partner-kinds-hint = Several with semicolons between, out of { $it }.
partner-tier = Tier
partner-tier-none = none
partner-tier-unknown = not known
partner-attained = Meets everything up to { $it }
partner-review = Next review
partner-no-review = No review is on record.
partner-outcome-renew = With the facts of today the tier is kept.
partner-outcome-grace = With the facts of today a time of grace begins.
partner-outcome-downgrade = With the facts of today the tier is lost.
partner-lapsing = { $n ->
    [one] one has something that lapses within 90 days
   *[other] { $count } have something that lapses within 90 days
}
partner-none-lapsing = nothing lapses within 90 days
partner-ours = With us
partner-our-references = References that name us
partner-our-ratings = Ratings we gave
partner-programs = Programs
partner-granted = Granted
partner-last-day = Last day
partner-in-force = in force
partner-lapsed = lapsed
partner-no-end = no end
partner-history = Tier history
partner-history-rows = History of every row
partner-no-history = Nothing is recorded.
partner-on = Day
partner-what = What
partner-tier-then = Tier from then on
partner-disputes = Open disputes
partner-dispute-due = to be answered by { $it }
partner-overdue = overdue
partner-all-decisions = All decisions
partner-decision-renew = Tier renewed
partner-decision-grace = Time of grace
partner-decision-downgrade = Tier lowered
partner-decision-upgrade = Tier raised
partner-decision-suspended = Suspended
partner-decision-reinstated = Reinstated
partner-decision-executive-review = Executive review
partner-decision-discount = Discount
partner-affiliations = Affiliations
partner-other = Other partner
partner-is = Is
partner-subsidiary = its subsidiary
partner-primary = its primary
partner-from = From
partner-versions = Versions
partner-domains = Domains
partner-domain = Domain
partner-verified = verified
partner-claimed = claimed
partner-no-domains = No domain is claimed.
partner-mailbox = Link goes to
partner-claim = Claim
partner-declare = What the vendor declares
declare-title-suspended = Suspend
declare-title-reinstated = Reinstate
declare-title-executive-review = Executive review held
declare-what-suspended = While a partner is suspended it is not in good standing: discounts that ask for good standing end as the rulebook says. Its facts and its tier stay.
declare-what-reinstated = The partner is in good standing again from that day on.
declare-what-executive-review = An executive of the vendor has given consent. Tiers that ask for it count it while it holds.
declare-frozen = It is published as a decision, frozen with the numbers of today, and the partner is told by mail.
declare-on = From
declare-until = Last day
declare-until-hint = Empty: without end.
declare-reason = Reason
declare-do = Publish
people-title = People
people-add = Somebody joins
people-looks = Which people
people-look-present = There today
people-look-lapsing = Something lapses soon
people-look-no-consent = Not agreed
people-look-left = Left
people-look-all = All
people-name = Name
people-find = Find
people-none = Nobody.
people-holds = Holds
people-consent = Agreed to be counted
people-there = At the partner
people-lapses = lapses { $it }
people-more = { $n ->
    [one] and one more
   *[other] and { $count } more
}
people-past = { $n ->
    [one] one has lapsed
   *[other] { $count } have lapsed
}
people-nothing = Nothing.
people-yes = yes
people-no = no
people-joined = since { $it }
people-joins = joins on { $it }
people-left = left on { $it }
people-leaves = leaves on { $it }
people-last-day = last day { $it }
people-pages = Pages of the list
people-count = { $n ->
    [one] One person
   *[other] { $count } people
}
person-add = Add a credential
person-erase = Erase
person-erased = Erased person
person-erased-what = Name and e-mail addresses were erased. What the person held goes on counting without them.
person-foreign = The e-mail domain { $it } was shown to belong to another organization.
person-holds = What is held
person-soon = { $n ->
    [one] One credential lapses within 90 days.
   *[other] { $count } credentials lapse within 90 days.
}
person-level = Level
person-issued = Issued
person-past = { $n ->
    [one] One has lapsed
   *[other] { $count } have lapsed
}
person-lapsed-on = lapsed on { $it }
person-counts = Where it counts today
person-counts-nowhere = In no row.
person-by-credentials = { $n ->
    [one] by one credential
   *[other] by { $count } credentials
}
person-rows = Rows
person-rows-what = One human may stand in several rows, at several partners, and counts once at each.
person-partner = Partner
person-leaves = Leaves today
person-agrees = Has agreed
erase-title = Erase a person
erase-what = Name and e-mail addresses of { $it } are overwritten everywhere.
erase-gone = { $n ->
    [one] Gone: name and e-mail addresses, in every version of the row, also the past ones.
   *[other] Gone: name and e-mail addresses, in every version of the { $count } rows, also the past ones.
}
erase-kept = { $n ->
    [0] Kept: the row itself, without them.
    [one] Kept: the row itself, without them, and the credential.
   *[other] Kept: the row itself, without them, and the { $count } credentials.
}
erase-counts = The person goes on counting as before, so that published decisions still come out as they were.
erase-journal = The journal notes who erased, when, and which versions; its chain of digests stays whole.
erase-for-good = It cannot be undone, and the name cannot be put back.
erase-do = Erase for good
customer-invite = Invite somebody
customer-edit-do = Edit
customer-edit-title = Organization
customer-partners = Partners
customer-no-partners = No partner is known to work for the customer.
customer-more = And more.
customer-references = References
customer-ratings = Ratings
customer-cases = Cases
customer-rate = Rate
customer-references-title = References published about it
customer-no-references = No reference names it.
customer-seen-by = Seen by
customer-everybody = everybody
customer-network-only = vendor and partner
customer-stands = stands
customer-withdrawn = withdrawn { $it }
customer-ratings-title = Ratings it gave
customer-no-ratings = None was given.
customer-score = Score
customer-of-five = { $it } of 5
customer-rated = Rated
customer-partner-too = vendor and partner
customer-public-only = vendor and the public, not the partner’s own pages
customer-vendor-only = vendor only
customer-units = Units
customer-unit = Unit
customer-unit-new = New unit
customer-no-units = No units are recorded.
customer-workloads = Workloads
customer-workload = Workload
customer-workload-new = New workload
customer-no-workloads = No workloads are recorded.
customer-cases-title = Support cases, open ones first
customer-opened = Opened
customer-severity = Severity
customer-open = open
customer-resolved = resolved { $it }
customer-retract-do = Retract
customer-retract-title = Retract { $it }
customer-retract-what = It is held to be true no more. What was recorded stays in its history.
rating-title = Who sees this rating
rating-change = Who sees it
rating-comment = Comment
rating-who = Besides the vendor
rating-consent = The partner sees it
rating-consent-public = It may be shown in public
rating-hint = What you take back is hidden from now on. It stays in the history, which shows when it was agreed.
withdraw-title = Withdraw a reference
withdraw-do = Withdraw
withdraw-what = { $it } published this reference on { $day }. Withdrawn, it stands until today and no longer.
withdraw-counts = It no longer counts for the partner. What was published before is the partner’s to take down.
notice-profile-saved = The profile is saved.
notice-domain-claimed = A link is on its way to the mailbox of { $it }. The domain is yours when it is followed.
notice-declared = It is published as decision { $it }.
notice-person-erased = Erased. Versions of rows that were overwritten: { $it }.
notice-row-saved = { $it } is saved.
notice-row-retracted = { $it } is retracted.
notice-consent-saved = It is saved who sees the rating.
notice-reference-withdrawn = The reference is withdrawn.

## Decisions: waiting, reviews, decisions, disputes, enrolments

## Rulebook

rules-title = Rulebook
rules-what = What the network asks, from when, and what it grants. Editions never change once they are published.
rules-none = No edition is published yet.
rules-edition = Edition
rules-state = State
rules-from = In force from
rules-published = Published
rules-id = Id
rules-currency = Currency
rules-digest = SHA-256 of its text
rules-state-draft = draft
rules-state-in-force = in force
rules-state-coming = coming
rules-state-past = past
rules-in-force-from = In force from { $it }
rules-parts = Parts of the page
rules-mend = Change the draft
rules-tiers-title = Tiers side by side
rules-tiers-what = A number is the least that is asked, both to reach the tier and to keep it, unless something else is said. Each tier asks for its own column in full.
rules-asks-nothing-at-all = asks for nothing
rules-measure = Measure
rules-not-asked = not asked
rules-asks-nothing = shown, nothing asked
rules-yes = yes
rules-at-most = at most { $it }
rules-only-to-keep = only to keep it
rules-only-to-reach = only to reach it
rules-called = “{ $it }” from { $day }
rules-assumed = assumed
rules-assumed-title = What is assumed
rules-assumed-what = No source says these, or not in full. Each is a choice, with the reason for it.
rules-sources = Sources
rules-certainty-high = the vendor’s own text
rules-certainty-medium = the vendor’s text restated, or two sources that agree
rules-certainty-low = one unofficial source
rules-counts-title = What counts
rules-people-note = People count while they belong to the partner and agreed to be counted, by credentials that have not lapsed. Nobody counts twice in a row.
rules-currency-note = Amounts count in { $it }; one in another currency does not.
rules-vendor-says = In the words of the rulebook:
rules-either = { $first } or { $last }
rules-and = {" "}and{" "}
rules-people-holding = People who hold { $it }.
rules-people-level = People who hold a credential of the level { $it }.
rules-people-highest = People whose highest credential is of the level { $it }.
rules-count = The number of { $it }.
rules-distinct = The number of { $facts }; those with the same { $field } count once.
rules-sum = { $number }, added up over { $facts }.
rules-mean = { $number }, the mean over { $facts }.
rules-share = Of { $facts }, the part { $part }: from 0, none, to 1, all.
rules-number-expected-mrr = The monthly revenue expected, in { $it }
rules-number-amount = The amount, in { $it }
rules-number-score = The score, from 1 to 5
rules-number-scores = The mean score of each answer, from 1 to 5
rules-document = { $n ->
    [one] A business plan that the vendor validated, for a month from then unless it says another last day.
   *[other] A business plan that the vendor validated, for { $count } months from then unless it says another last day.
}
rules-decision = A decision of the vendor that is in force: { $it }.
rules-sustained = { $n ->
    [one] Whole months, one at most, for which everything else that the tier asks was met.
   *[other] Whole months, { $count } at most, for which everything else that the tier asks was met.
}
rules-points = Points, added up:
rules-points-part = { $points } for each of “{ $it }”
rules-points-most = { $part }, at most { $it } in all
rules-facts-reviews = reviews
rules-facts-credentials = credentials
rules-facts-opportunities = launched and approved opportunities
rules-facts-references = public customer references that are not withdrawn
rules-facts-ratings = ratings by customers
rules-facts-business-plans = business plans
rules-facts-validations = programs in force
rules-facts-cases = support cases
rules-facts-survey-responses = answers to the quality survey
rules-facts-events = events
rules-where = with the { $field } { $it }
rules-where-program = out of { $it }
rules-where-category = of the category { $it }
rules-where-kind = of the kind { $it }
rules-where-opened-by = opened by { $it }
rules-where-resolution-code = resolved as { $it }
rules-desk-vendor = at the vendor’s desk
rules-desk-partner = at the partner’s own desk
rules-under-support = { $facts } under { $it } support
rules-support-partner-led = partner-led
rules-support-resold = resold
rules-support-direct = direct
rules-attribute = attribute “{ $it }”
rules-field-customer = customer
rules-field-use-case = use case
rules-field-industry = industry
rules-field-country = country
rules-field-opened-by = opener
rules-field-severity = severity
rules-field-resolution-code = resolution
rules-field-program = program
rules-field-category = program category
rules-field-kind = kind
rules-field-subject = subject
rules-kind-enrolment = enrolment
rules-kind-review = review
rules-kind-renewal = renewal
rules-kind-upgrade = upgrade
rules-kind-downgrade = downgrade
rules-kind-executive-review = executive review
rules-kind-suspended = suspension
rules-kind-reinstated = reinstatement
rules-window-as-of = what is in force on the day
rules-window-since-review = from the last { $it } to the day
rules-window-rolling = { $n ->
    [one] the month that ends with the day
   *[other] the { $count } months that end with the day
}
rules-window-before-period = { $n ->
    [one] the whole month before the period begins
   *[other] the { $count } whole months before the period begins
}
rules-window-both = Looks at: { $it }.
rules-window-to-keep = To keep a tier: { $it }.
rules-window-to-reach = To reach a tier: { $it }.
rules-window-of-parts = Each part looks at its own days.
rules-months = { $n ->
    [one] one month
   *[other] { $count } months
}
rules-review-title = Tier review
rules-review-every = A review is due { $every } after the last { $it }.
rules-review-resets = Each { $it } begins a new window for what is counted “from the last …”.
rules-review-notice = The partner is told { $it } days before.
rules-review-notices = The partner is told { $first } and { $last } days before.
rules-review-no-grace = There is no grace: what is not met on the day has its consequence at once.
rules-review-grace = { $n ->
    [one] Who falls short keeps the tier for a day of grace.
   *[other] Who falls short keeps the tier for { $count } days of grace.
}
rules-review-to-what-is-met = Who is still short then goes to the highest tier below for which everything is met.
rules-review-down-one = Who is still short then goes down one tier.
rules-review-keep = Who is still short then keeps the tier.
rules-discounts-title = Discounts
rules-discount-made-of = { $base } percent for whoever is eligible, and the points below for what is met; { $ceiling } percent at most. Measured anew for every { $months }.
rules-discount-ends-with-period = Who stops being eligible within a period keeps the discount to its end.
rules-discount-ends-at-once = Who stops being eligible within a period loses the discount at once.
rules-eligible = On the first day of the period all of this must hold:
rules-eligible-path = The partner is on the { $it }.
rules-eligible-tier = The partner holds the tier { $it }.
rules-eligible-standing = The partner is in good standing, that is, not suspended.
rules-eligible-program = In force: { $it }.
rules-bar = Asked
rules-points-title = Points
rules-least = { $n ->
    [one] from one on
   *[other] from { $count } on
}
rules-credentials-title = Credentials
rules-credential = Credential
rules-valid = Valid for
rules-valid-without-end = does not lapse by itself
rules-counts-in = Counts in
rules-counts-nowhere = no row
rules-programs-title = Programs
rules-program = Program
rules-category = Category
rules-words-title = Words that facts use
rules-partner-kinds = Kinds of partner
rules-resolution-codes = Resolutions of support cases
rules-event-kinds = Kinds of event
rules-examples-title = Worked examples
rules-examples-what = Facts, and what must come out of them. They are run whenever the edition is checked.
rules-example-files = { $n ->
    [one] one page
   *[other] { $count } pages
}
rules-no-examples = none
rules-fact-rows = { $n ->
    [one] one row
   *[other] { $count } rows
}
rules-expected-scorecard = What must come out: the scorecard of
rules-expected-discount = What must come out: the discount of
rules-as-known-at = as known on { $it }
rules-to-keep = To keep the tier
rules-to-reach = To reach the next
rules-why = What counted, what did not
rules-page-back = Back
rules-page-on = Further
rules-diff-title = What changes from one edition to another
rules-diff-do = Compare editions
rules-diff-before = Compare with the one before
rules-diff-old = Earlier
rules-diff-new = Later
rules-diff-same = They say the same.
rules-diff-choose = Choose two editions.
rules-diff-count = { $n ->
    [one] One change
   *[other] { $count } changes
}
rules-area-dates = Dates
rules-area-rulebook = Rulebook
rules-area-tiers = Tiers
rules-area-measures = Measures
rules-area-credentials = Credentials
rules-area-programs = Programs
rules-area-words = Words of facts
rules-area-review = Review
rules-area-discounts = Discounts
rules-area-names = Names
rules-area-sources = Sources and assumptions
rules-problems = { $n ->
    [one] There is one problem. Nothing was kept.
   *[other] There are { $count } problems. Nothing was kept.
}
rules-problem-place = File, line, column
rules-problem-what = What is wrong
rules-upload-title = Bring in an edition
rules-upload-do = Bring in an edition
rules-upload-what = It is kept as a draft, which partners do not see until it is published. A draft with the same id is replaced.
rules-upload-text = Text of the rulebook (TOML)
rules-upload-file = Or a file
rules-upload-file-hint = Takes the place of the text above.
rules-upload-examples = Worked examples
rules-upload-examples-hint = Markdown files, which are run. Choose them each time: they are kept with the draft.
rules-upload-keep = Check and keep as a draft
rules-upload-check = Check only
rules-upload-fine = “{ $it }” can be brought in. Expectations of examples that were run: { $count }.
rules-expectations = { $n ->
    [0] Checked just now, without worked examples: no problem was found.
    [one] Checked just now, with one expectation of worked examples: no problem was found.
   *[other] Checked just now, with { $count } expectations of worked examples: no problem was found.
}
rules-publish-title = Publish { $it }
rules-publish-do = Publish
rules-publish-not = Not yet
rules-publish-what = What happens
rules-publish-from = From { $it } on scorecards, reviews and discounts go by it.
rules-publish-known = It counts as published on { $it }; whoever looks at an earlier state of knowledge does not meet it.
rules-publish-correction = It begins on the day of an edition that there is already, and takes its place as a correction.
rules-publish-frozen = Its text is frozen. A mistake is mended by another edition.
rules-publish-decisions = Decisions that are published stay as they are.
rules-publish-changes = { $n ->
    [one] One thing changes.
   *[other] { $count } things change.
}
rules-publish-see = Compare with { $it }
notice-edition-drafted = The draft { $it } is kept. Read it through before you publish it.
notice-edition-published = The edition is published. It is in force from { $it } on.

## Network

## Users and journal
