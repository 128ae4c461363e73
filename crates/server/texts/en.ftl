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

standing-scorecard = Scorecard
standing-history = History
standing-changes = Changes
standing-lapses = What lapses
standing-discount = Discount
standing-tabs = Pages about where the partner stands
state-met = met
state-not-met = not met
state-unknown = unknown
state-not-required = not required
reason-unknown-to-edition = not known to this edition
reason-no-consent = no consent
reason-not-yet-joined = has not joined yet
reason-left = has left
reason-not-yet-issued = not issued yet
reason-expired = expired
reason-not-launched = not launched
reason-not-approved = not approved
reason-not-public = not public
reason-withdrawn = withdrawn
reason-not-validated = not validated
reason-outside-window = outside the window
reason-other-currency = in another currency
reason-other-desk = at another desk
reason-other-support = under another kind of support
reason-lower-level-than-counted = lower level than the one counted
reason-duplicate-person = person counted already
tally-review = { $n ->
    [one] { $count } decision
   *[other] { $count } decisions
}
tally-credential = { $n ->
    [one] { $count } credential
   *[other] { $count } credentials
}
tally-opportunity = { $n ->
    [one] { $count } opportunity
   *[other] { $count } opportunities
}
tally-reference = { $n ->
    [one] { $count } reference
   *[other] { $count } references
}
tally-rating = { $n ->
    [one] { $count } rating
   *[other] { $count } ratings
}
tally-business-plan = { $n ->
    [one] { $count } business plan
   *[other] { $count } business plans
}
tally-validation = { $n ->
    [one] { $count } validation
   *[other] { $count } validations
}
tally-case = { $n ->
    [one] { $count } case
   *[other] { $count } cases
}
tally-survey-response = { $n ->
    [one] { $count } survey response
   *[other] { $count } survey responses
}
tally-event = { $n ->
    [one] { $count } event
   *[other] { $count } events
}
scorecard-column-renewal = Renewal
scorecard-column-upgrade = Upgrade
scorecard-column-value = Value
scorecard-span = { $from } to { $to }
scorecard-from = from { $it }
scorecard-no-beginning = no review on record to count from
scorecard-as-of-the-day = as of the day
scorecard-overdue = { $n ->
    [one] 1 day overdue
   *[other] { $count } days overdue
}
scorecard-nothing = nothing
scorecard-or = { $rest } or { $last }
scorecard-no = no
scorecard-yes = yes
scorecard-percent = { $it }%
scorecard-not-known = not known
scorecard-required = { $value }, required
scorecard-at-most = { $value }, at most { $bar }
scorecard-at-least = { $value }, at least { $bar }
scorecard-so-many-required = { $value }, { $bar } required
scorecard-of = { $value } of { $bar }
scorecard-bar = { $column }: { $percent }% of its target
scorecard-bar-or-more = { $column }: { $percent }% or more of its target
scorecard-other = Other
scorecard-asks-nothing = asks nothing
scorecard-rows-met = { $n ->
    [one] { $met } of { $count } row met
   *[other] { $met } of { $count } rows met
}
scorecard-keep = keep { $it }
scorecard-reach = reach { $it }
scorecard-tier-unknown = tier held is unknown
scorecard-no-tier-to-keep = no tier to keep
scorecard-no-tier-above = no tier above
scorecard-path = Path
scorecard-as-of = As of
scorecard-known-at = Known at
scorecard-known-all = everything on record
scorecard-rules = Rules
scorecard-rows = Rows
scorecard-row = Row
scorecard-no-rows = This edition has no rows for the path { $it }.
scorecard-target = target
scorecard-ceiling = target to stay under
scorecard-bars = Each bar stands against its own target and is cut at one and a half times.
scorecard-against = Against the target
scorecard-nothing-to-draw = no target to draw
scorecard-summary = Summary
scorecard-in-the-way = Rows in the way
scorecard-edition = Edition
scorecard-edition-in-force = The one in force on the day
scorecard-known-at-utc = Known at (UTC)
scorecard-look = Look
scorecard-now = Back to today
scorecard-elsewhere = This is not the scorecard of today.
scorecard-with-facts = With all facts, for printing
scorecard-csv = CSV
scorecard-facts-csv = CSV with all facts
scorecard-file = One file to keep
scorecard-keep-it = Print and keep
scorecard-show-facts = Show the facts behind it
tier-held = Tier held
tier-attained = Attained:
tier-of = Tier { $it }
tier-foreign = This edition has no such tier on the path.
tier-unknown = Unknown
tier-unknown-remark = The facts do not say which tier is held on this day.
tier-none = None
tier-below = Below the tier held, which by itself lowers nothing.
tier-above = Above the tier held.
review-next = Next review
review-last = the last was on { $it }
review-as-things-stand = As things stand:
review-none-due = None due
review-none-on-record = There is no review on record to count from.
review-tier-unknown = The tier held is unknown, so no outcome.
review-tier-foreign = No tier of this edition is held, so no outcome.
review-no-tier = no tier
review-renewed = { $it } renewed
review-down = down to { $it }
review-kept = { $it } is kept
review-grace-until = grace until { $day }, then { $then }
review-grace = grace, then { $it }
review-outcome-renew = renew
review-outcome-grace = grace
review-outcome-downgrade = downgrade
alert-review-due = The next review is due on { $day }, { $distance }. As things stand: { $outcome }.
alert-grace = A grace is running: what the review asked for is to be met by { $day }, { $distance }.
alert-decided-renew = Decided on { $day }: { $it } is renewed.
alert-decided-grace = Decided on { $day }: { $it } is kept for a grace.
alert-decided-downgrade = Decided on { $day }: down to { $it }.
alert-decided-upgrade = Decided on { $day }: up to { $it }.
alert-decided-suspended = Decided on { $day }: the partner is suspended.
alert-decided-reinstated = Decided on { $day }: the partner is in good standing again.
alert-decided-executive-review = Decided on { $day }: an executive review.
alert-decided-discount = Decided on { $day }: the discount of { $it }.
alert-decision = The decision
notes-mark = assumed, note
notes-title = Assumed
notes-what = No source gives these; the edition assumes them and says why.
sheet-title = { $name }: scorecard as of { $day }
sheet-kind = Partner scorecard
sheet-partner = Partner
sheet-skip = Skip to the scorecard
sheet-in-force = network { $network }, in force from { $day }
sheet-on-this-page = On this page
sheet-facts = Facts behind the rows
sheet-facts-what = Each fact that a row could ever count, by id: those that counted, and those that did not with the first reason that applies.
sheet-sources = Sources
sheet-sources-of-edition = Sources of the edition
sheet-source-high = the vendor’s own text
sheet-source-medium = restated, or two sources that agree
sheet-source-low = one unofficial source
sheet-foot = Computed by Guildhall from dated facts, as of { $day }; edition { $edition }. The same facts and the same edition always give the same scorecard.
evidence-counted = Counted
evidence-counted-renewal = Counted for renewal
evidence-counted-upgrade = Counted for upgrade
evidence-not-counted = Not counted: { $it }
evidence-not-counted-renewal = Not counted for renewal: { $it }
evidence-not-counted-upgrade = Not counted for upgrade: { $it }
evidence-no-facts = no facts
evidence-so-many = { $it } counted
evidence-so-many-and-others = { $counted } counted, { $others } not
evidence-the-facts = the facts
evidence-none = No fact of this partner bears on this row by itself.
evidence-each = each:
evidence-fact = Fact
evidence-about = About
evidence-day = Day
evidence-why = Why
evidence-dispute = This should have counted
evidence-correct = Correct
evidence-place = { $first } to { $last } of { $of } facts
evidence-previous = Previous facts
evidence-next = Next facts
evidence-whole = On a page of its own
evidence-facts-of = Facts counted and not counted
csv-at-most = at most
csv-at-least = at least
csv-not-counted = Not counted
history-what = Values at the ends of months, with what is known now. A dashed line is the target.
history-from = From
history-to = To
history-show = Show
history-from-behind-to = it does not lie before the last day
history-too-long = { $n ->
    [one] at most one month is shown
   *[other] at most { $count } months are shown
}
history-tier = Tier
history-tiers-words = Tier held and attained over time. On { $day }: { $held } held, { $attained } attained.
history-held = Held
history-attained = Attained
history-words = { $title } over time. { $now }
history-reading = { $column }: { $value }
history-both = Renewal and upgrade
history-no-row = –
history-numbers = Numbers
history-day = Day
history-none = No edition is in force on any of these days.
changes-from = From
changes-to = To
changes-known-from = As known then at (UTC)
changes-known-to = As known later at (UTC)
changes-known-hint = Without a moment, what is known now is looked at.
changes-show = Compare
changes-known-at = { $day }, as known at { $moment }
changes-since = What changed from { $from } to { $to }
changes-none = Nothing moved.
changes-months = { $n ->
    [one] Last month
    [12] Last year
   *[other] Last { $count } months
}
changes-presets = Time
changes-in-general = In general
changes-what-rulebook = Edition
changes-what-path = Path
changes-what-tier = Tier held
changes-what-renewal-met = Renewal
changes-what-upgrade-met = Upgrade
changes-what-attained = Tier attained
changes-what-review-last-on = Last review
changes-what-review-due-on = Next review
changes-what-review-outcome = What the review would come to
changes-what-review-to-tier = Tier after the review
changes-what-support-discount-period = Discount period
changes-what-support-discount-percent = Support discount
changes-of = What
changes-before = Before
changes-after = After
changes-rows = Row by row
changes-became = became
changes-nothing = nothing
changes-no-row = no such row
changes-no-beginning = no beginning
changes-gained = counts now
changes-gained-was = counts now; before: { $it }
changes-lost = counts no more: it is not there any more
changes-lost-for = counts no more: { $it }
changes-lost-for-detail = counts no more: { $it }, { $detail }
changes-corrected = brings { $after } in place of { $before }
changes-path = The path is { $after }, no longer { $before }.
changes-tier = The column is about { $after }, no longer about { $before }.
changes-window = The window begins on { $after }, no longer on { $before }.
changes-rule = Edition { $after } asks something else than { $before }.
changes-some-fact = A fact that counts was corrected.
changes-more = { $n ->
    [one] and one more fact
   *[other] and { $count } more facts
}
lapses-what = What is written down happens: people leave, credentials and plans end, facts leave their windows, reviews are held on their due days. Nothing else is won or lost.
lapses-until = Until
lapses-show = Show
lapses-days = { $n ->
    [365] a year
    [730] two years
   *[other] { $count } days
}
lapses-presets = Time ahead
lapses-none = Nothing lapses until then.
lapses-period = Discount period { $it } begins.
lapses-ends = Ends
lapses-begins = Begins
lapses-falls = What falls or rises with it
lapses-more = { $n ->
    [one] and one more fact
   *[other] and { $count } more facts
}
lapses-reset = { $n ->
    [one] Windows begin anew with the review and leave one fact behind.
   *[other] Windows begin anew with the review and leave { $count } facts behind.
}
lapses-counts-nowhere = counts in no row
lapses-counts-in = counts in
lapses-next-edition = { $it } comes into force on { $day } and is not looked at here.
lapses-later = Later days
lapses-calendar = As a calendar
lapses-review-renewed = Review: { $to } is renewed.
lapses-review-grace = Review: { $to } is kept for a grace until { $day }.
lapses-review-down = Review: down from { $from } to { $to }.
lapses-grace-over-renewed = The grace is over: { $to } is kept.
lapses-grace-over-down = The grace is over: down from { $from } to { $to }.
discount-discount = Discount
discount-days = For { $period }, measured over { $measured }.
discount-percent = percent
discount-in-percent = Percent
discount-not-eligible = Not eligible on the first day of the period, so nothing is given.
discount-limited = { $earned } earned, limited to the ceiling of { $ceiling } percent.
discount-lost-ends-with-period = A condition was lost on { $day }: the discount ends with the period, on { $last }.
discount-lost-ends-at-once = A condition was lost on { $day }: the discount ended on that day.
discount-lost-on = lost on { $it }
discount-asks-path = on the path { $it }
discount-asks-tier = holds { $it }
discount-asks-standing = in good standing
discount-asks-program = { $it } in force
discount-target-of = { $it }, target
discount-n-of-min = { $n }, at least { $min } needed
discount-nothing-to-measure = nothing to measure
discount-who = Who is eligible, on the first day of the period
discount-condition = Condition
discount-state = State
discount-found = Found
discount-earned = What is earned, in percentage points
discount-measure = Measure
discount-measured = Measured
discount-points = Points
discount-base = Base
discount-nothing-to-draw = nothing to draw
discount-formula = { $terms } = { $sum }, at most { $ceiling }
discount-formula-what = Base and points of each measure, up to the ceiling
discount-period = Period
discount-show = Show
discount-none = No edition in force has a discount on the price of support.
discount-costs = What costs points
discount-costs-what = These facts keep a measure from its target.
discount-more = { $n ->
    [one] and one more
   *[other] and { $count } more
}

## Facts: lists, forms, versions, imports, search

## People, partners, customers

## Decisions: waiting, reviews, decisions, disputes, enrolments

## Rulebook

## Network

## Users and journal
