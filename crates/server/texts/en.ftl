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

facts-title = Facts
facts-what = What is known and counted, by kind. Every fact can be opened down to who recorded it and when; nothing is overwritten.
facts-kind = Kind
facts-about = What it is
facts-count = Facts
facts-at-least = { $it } or more
facts-no-kinds = There is nothing here that you may see.
facts-add = Add
facts-csv = Download CSV
facts-narrow = Filter
facts-text = Has this text
facts-from = { $it }: from
facts-until = { $it }: to
facts-all = Show all
facts-no-day = That is no day as 2027-01-31.
facts-none = There are none yet.
facts-none-found = None fits the filter.
facts-pages = Pages of the list
facts-first = First page
facts-next = Next page
fact-title = { $kind } { $id }
fact-retracted = retracted
fact-retracted-what = It is held to be true no more. This is what it said last.
fact-person = The person
fact-dispute = Open a dispute
fact-withdraw = Withdraw
fact-retract = Retract
fact-correct = Correct
fact-disputes = Disputes
fact-versions = Versions
fact-was-retracted = Retracted
fact-by = by
fact-held = held now
fact-unchanged = It says the same as the version before.
fact-always = from the beginning
fact-empty = (empty)
fact-who-operator = the operator at the command line
fact-who-system = the system
fact-did-add-fact = Added
fact-did-correct-fact = Corrected
fact-did-import = Imported
fact-did-withdraw-reference = Withdrawn
fact-did-edit-profile = Profile changed
fact-did-erase-person = Person erased
fact-did-approve-enrolment = Enrolled
fact-did-publish-tier-review = Tier review published
fact-did-answer-dispute = Corrected by a dispute
fact-disputed-open = open
fact-disputed-upheld = upheld
fact-disputed-rejected = rejected
fact-disputed-withdrawn = withdrawn
fact-kind-partners = Partner
fact-kind-reviews = Tier history
fact-kind-affiliations = Affiliations
fact-kind-individuals = People
fact-kind-credentials = Credentials
fact-kind-opportunities = Opportunities
fact-kind-references = References
fact-kind-ratings = Ratings
fact-kind-business-plans = Business plans
fact-kind-validations = Validations
fact-kind-cases = Support cases
fact-kind-survey-responses = Survey responses
fact-kind-events = Events
fact-one-partners = Partner
fact-one-reviews = Tier decision
fact-one-affiliations = Affiliation
fact-one-individuals = Person
fact-one-credentials = Credential
fact-one-opportunities = Opportunity
fact-one-references = Reference
fact-one-ratings = Rating
fact-one-business-plans = Business plan
fact-one-validations = Validation
fact-one-cases = Support case
fact-one-survey-responses = Survey response
fact-one-events = Event
fact-about-partners = The company itself
fact-about-reviews = What was decided about the tier, and when
fact-about-affiliations = Which company is a subsidiary of which
fact-about-individuals = Who works here, and from when to when
fact-about-credentials = Certificates and accreditations that people hold
fact-about-opportunities = Projects with customers, from first contact to launch
fact-about-references = Customers who stand up for the work
fact-about-ratings = What customers say in a rating
fact-about-business-plans = Plans handed in and agreed
fact-about-validations = What the company was validated for or enrolled in
fact-about-cases = Support cases of the accounts looked after
fact-about-survey-responses = Answers to the quality survey
fact-about-events = Whatever else the network counts
fact-column-id = Id
fact-column-name = Name
fact-column-partner = Partner
fact-column-path = Path
fact-column-tier = Tier
fact-column-tier-since = Tier since
fact-column-last-review-on = Last review
fact-column-last-renewal-on = Last renewal
fact-column-last-upgrade-on = Last move up
fact-column-kinds = Kinds of company
fact-column-country = Country
fact-column-website = Website
fact-column-domains = E-mail domains
fact-column-standing = Standing
fact-column-parent = Belongs to
fact-column-on = Day
fact-column-kind = Kind
fact-column-valid-until = Valid until
fact-column-subsidiary = Subsidiary
fact-column-primary = Primary
fact-column-from = From
fact-column-until = Until
fact-column-person = Same human as
fact-column-emails = E-mail addresses
fact-column-joined-on = Joined
fact-column-left-on = Left
fact-column-consent = Consent
fact-column-individual = Person
fact-column-credential = Credential
fact-column-issued-on = Issued
fact-column-expires-on = Expires
fact-column-customer = Customer
fact-column-title = Title
fact-column-stage = Stage
fact-column-review = Review
fact-column-expected-mrr = Expected monthly revenue
fact-column-currency = Currency
fact-column-launched-on = Launched
fact-column-closed-on = Closed
fact-column-use-case = Use case
fact-column-industry = Industry
fact-column-opportunity = Opportunity
fact-column-published-on = Published
fact-column-withdrawn-on = Withdrawn
fact-column-score = Score
fact-column-rated-on = Rated
fact-column-engagement = Engagement
fact-column-consent-public = Public
fact-column-comment = Comment
fact-column-submitted-on = Handed in
fact-column-validated-on = Agreed
fact-column-program = Program
fact-column-granted-on = Granted
fact-column-opened-on = Opened
fact-column-opened-by = Opened by
fact-column-desk = Received by
fact-column-support = Support
fact-column-severity = Severity
fact-column-resolved-on = Resolved
fact-column-resolution-code = Resolution
fact-column-responded-on = Answered
fact-column-scores = Scores
fact-column-subject = About
fact-column-amount = Amount
fact-column-attributes = Further values
fact-column-ratings-consent = Partner may see it
fact-hint-id = Leave it empty to have one made. Use your own system’s number to find it again.
fact-hint-customer = The customer’s id, written the same way everywhere.
fact-hint-list = Several are separated by semicolons.
fact-hint-scores = One score from 1 to 5 for each question, separated by semicolons, as 5;4;4.
fact-hint-attributes = As name=value, separated by semicolons.
fact-hint-currency = Three capital letters, as USD.
fact-hint-partners-tier = The tier held. Not looked at once there is a tier history.
fact-hint-partners-tier-since = The first day of that tier. Empty: always.
fact-hint-partners-kinds = What the partner calls itself. It changes no count.
fact-hint-partners-standing = Empty: good.
fact-hint-partners-parent = The id of the partner that it belongs to. By itself it changes no count.
fact-hint-reviews-path = The path that the decision is about.
fact-hint-reviews-tier = The tier held after it.
fact-hint-reviews-valid-until = The last day on which it holds, if it ends by itself.
fact-hint-affiliations-subsidiary = The id of the partner that belongs to the other.
fact-hint-affiliations-primary = The id of the partner to which it belongs. People and validations of the subsidiary count there too.
fact-hint-affiliations-until = The first day on which it is no longer in force. Empty: no end.
fact-hint-individuals-person = Only for somebody who is here in another row too: the id that both rows share. Empty: the row’s own id.
fact-hint-individuals-emails = Several are separated by semicolons. Two people may not share one.
fact-hint-individuals-joined-on = The first day at the partner. Empty: always been there.
fact-hint-individuals-left-on = The last day at the partner. Empty: still there.
fact-hint-individuals-consent = Whether the person agrees to be counted. Empty: yes.
fact-hint-credentials-individual = The id of the person’s row among the people.
fact-hint-credentials-issued-on = The first day on which it counts.
fact-hint-credentials-expires-on = The last day on which it counts. Empty: what the rulebook gives.
fact-hint-opportunities-title = What it is, for people.
fact-hint-opportunities-stage = Only launched opportunities count.
fact-hint-opportunities-review = How far the vendor’s review has come. Only approved opportunities count.
fact-hint-opportunities-expected-mrr = The revenue a month that is expected of it, as 1450.50.
fact-hint-opportunities-launched-on = Needed once it is launched: the day that counts.
fact-hint-references-opportunity = The id of the project that it is about.
fact-hint-references-kind = Only public references count. Empty: public.
fact-hint-references-published-on = The day on which it was handed in and accepted.
fact-hint-references-withdrawn-on = The first day on which it no longer counts.
fact-hint-ratings-score = From 1 to 5.
fact-hint-ratings-engagement = The work that it is about.
fact-hint-ratings-consent = It counts in either case. Empty: no.
fact-hint-ratings-consent-public = Whether everybody may see it. Empty: no.
fact-hint-ratings-comment = In the customer’s words.
fact-hint-business-plans-validated-on = The day on which the vendor agreed.
fact-hint-business-plans-valid-until = The last day on which it counts. Empty: what the rulebook gives.
fact-hint-validations-granted-on = The first day on which it counts.
fact-hint-validations-expires-on = The last day on which it counts. Empty: no end.
fact-hint-cases-opened-on = The day that dates the case.
fact-hint-cases-desk = Whose desk received it. Empty: the vendor’s.
fact-hint-cases-support = The support that the account had. Empty: led by the partner.
fact-hint-survey-responses-customer = Who answered. Empty: nobody in particular.
fact-hint-events-kind = What the rulebook counts.
fact-hint-events-subject = What or whom it is about: any id.
fact-hint-events-on = The day that dates it.
fact-hint-events-until = The first day on which it is no longer in force. Empty: no end.
fact-hint-events-amount = A number, if it has one.
fact-hint-events-currency = If the number is money: three capital letters, as USD.
fact-choice-yes = Yes
fact-choice-no = No
fact-choice-good = Good
fact-choice-suspended = Suspended
fact-choice-enrolment = Enrolment
fact-choice-review = Review
fact-choice-renewal = Renewal
fact-choice-upgrade = Move up
fact-choice-downgrade = Move down
fact-choice-executive-review = Executive review
fact-choice-reinstated = Reinstated
fact-choice-public = Public
fact-choice-private = Private
fact-choice-partner = The partner
fact-choice-customer = The customer
fact-choice-vendor = The vendor
fact-choice-partner-led = Led by the partner
fact-choice-resold = Resold
fact-choice-direct = Bought from the vendor
fact-choice-low = Low
fact-choice-normal = Normal
fact-choice-high = High
fact-choice-urgent = Urgent
fact-choice-critical = Critical
edit-new = New: { $it }
edit-correct = Correct: { $it }
edit-optional = optional
edit-nothing-chosen = –
edit-preview = Show the effect
edit-cancel = Cancel
edit-add = Add: { $it }
edit-save = Save the correction
edit-id-taken = there is a fact of this id already
edit-no-person = there is no such person among yours
effect-title = Effect
effect-unknown = Fill in the form, and see here what would move on the scorecard before you save.
effect-not-yet = Not yet to be told:
effect-of-none = It moves no scorecard that you may see.
effect-on = On the scorecard of { $it }
effect-nothing = Nothing moves.
effect-then = , then
effect-none = none
effect-of = { $number } ({ $target } asked)
effect-percent = { $it } %
effect-gained = { $it } counts
effect-lost = { $it } no longer counts
effect-corrected = { $it } brings something else
effect-side-renewal = renewal
effect-side-upgrade = upgrade
effect-state-met = met
effect-state-not-met = not met
effect-state-unknown = unknown
effect-becomes-met = becomes met
effect-becomes-not-met = no longer met
effect-becomes-unknown = becomes unknown
effect-becomes-not-required = no longer asked
effect-outcome-renew = the tier is renewed
effect-outcome-grace = a grace period begins
effect-outcome-downgrade = the tier is lowered
effect-moves-rulebook = Rulebook
effect-moves-path = Path
effect-moves-tier = Tier
effect-moves-renewal-met = All that renewal needs
effect-moves-upgrade-met = All that the upgrade needs
effect-moves-attained = Tier attained by the facts
effect-moves-review-last-on = Last review
effect-moves-review-due-on = Next review
effect-moves-review-outcome = What the next review would come to
effect-moves-review-to-tier = Tier after the next review
effect-moves-support-discount-period = Discount period
effect-moves-support-discount-percent = Support discount
conflict-what = Somebody else changed this fact since you opened it. Nothing of yours was lost: choose where you both changed the same, look at the form below, and save again.
conflict-title = The difference
conflict-field = Field
conflict-opened = When you opened it
conflict-now = Now
conflict-typed = What you typed
conflict-untouched = (left as it was)
conflict-meanwhile = somebody else changed this fact since you opened it
conflict-look = Show the difference
retract-title = Retract: { $it }
retract-what = It will be held to be true no more, from now on. What was said stays in its history, and what refers to it stays too.
retract-changed = Somebody else changed it since you opened it. This is what it says now; look again before you retract it.
retract-reason = Reason
retract-reason-hint = It stays in the journal for everybody who may read it: name no person.
retract-do = Retract it
withdraw-title = Withdraw: { $it }
withdraw-what = From today on the reference no longer counts for the partner. The partner and the vendor see that you withdrew it.
withdraw-do = Withdraw it
notice-fact-added = { $it } added.
notice-fact-corrected = { $it } corrected. What it said before is in its history.
notice-fact-retracted = It is retracted.
notice-fact-gone = Somebody else has retracted it in the meantime. Your correction was not saved.
notice-reference-withdrawn = The reference is withdrawn.
imports-title = Imports
imports-new = New import
imports-none = Nothing was imported yet.
imports-at = When
imports-by = By
imports-files = Files
imports-added = Added
imports-changed = Changed
imports-retracted = Retracted
imports-left-out = Left out
imports-same = The same
import-what = A folder of facts: one CSV file for each kind, as opportunities.csv, with mapping.toml beside them if they are somebody else’s exports. It says what is true now: what says the same changes nothing, what is not in it stays. Try it first; nothing is kept.
import-files = Files of the folder
import-files-hint = Choose all files at once. At most 64 MB together.
import-leave-out = Leave out rows with problems, and import the others
import-complete = Some files are complete
import-complete-hint = Of these kinds the folder names all there are: facts that it does not name are retracted.
import-try = Try it first
import-would = What would be done
import-nothing = Nothing would change.
import-do = Import
import-again = The same files are sent again. If they are no longer chosen above, choose them again.
import-refused = Nothing can be imported until these are mended, or their rows left out.
import-rejects = Download the rejected rows
import-left-out = { $n ->
    [0] Nothing would be left out.
    [one] One row would be left out.
   *[other] { $count } rows would be left out, those that refer to them included.
}
import-problems = { $n ->
    [one] One problem
   *[other] { $count } problems
}
import-more = { $n ->
    [one] One more is not shown.
   *[other] { $count } more are not shown.
}
notice-imported = The folder is imported. Facts added, changed or retracted: { $it }.
search-title = Search
search-text = Name, id, customer or other text
search-do = Search
search-short = Type at least two characters.
search-none = Nothing that you may see has “{ $it }” in it.
search-found = Found for “{ $it }”:
search-partners = Partners
search-people = People
search-customers = Customers
search-more = There is more than is shown here. Type more of it to narrow the search.

## People, partners, customers

## Decisions: waiting, reviews, decisions, disputes, enrolments

## Rulebook

## Network

network-title = Network
network-as-of = As of { $it }
network-computed = computed { $it }
network-csv = Download as CSV
network-new = Standings are being computed for the first time. Load the page again in a moment.
network-under-way = Standings are being computed anew. Some below are still those of before.
network-tiles = Partners by tier
network-all = Partners
network-all-at-risk = Tier at risk
network-at-risk = { $n ->
   *[other] { $count } at risk
}
network-no-tier = No tier
network-unknown-tier = Not known
network-over-time = Tiers over time
network-over-time-what = Partners by tier at the ends of months, and today. Each tier has a scale of its own. Past months are counted from the history of tiers.
network-chart-label = { $path }: partners by tier from { $first } to { $last }
network-numbers = The numbers
network-day = Day
network-list = Partners
network-partners = { $n ->
    [0] none
    [one] one partner
   *[other] { $count } partners
}
network-find = Name or id
network-path = Path
network-any-path = Any path
network-tier = Tier
network-any-tier = Any tier
network-state = State
network-any-state = Any state
network-state-at-risk = Tier at risk
network-state-near = Near the next tier
network-state-safe = Not at risk
network-any-day = Any day
network-due-within = { $n ->
    [one] By tomorrow
   *[other] Within { $count } days
}
network-narrow = Show
network-widen = Show all
network-nobody = No partner is like that.
network-partner = Partner
network-next-tier = Next tier
network-review = Next review
network-why = Why at risk
network-met = { $met } of { $asked }
network-keeps = keeps { $it }
network-outcome-renew = renew
network-outcome-grace = grace
network-outcome-downgrade = downgrade
network-risk-renewal = Not met today:
network-risk-lapse = Lapses on { $it }:
network-risk-grace = The review of { $due } would give a grace until { $until }.
network-risk-downgrade = The review of { $due } would end in { $tier }.
network-risk-more = { $n ->
    [one] and one more
   *[other] and { $count } more
}
network-way = { $value } of { $target }
network-way-ceiling = { $value }, at most { $target }
network-way-unknown = not known
network-pages = Pages of the list
network-first = First page
network-next = Next page

## Users and journal
