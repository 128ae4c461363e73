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
locale-month = { $month } { $year }
locale-weekday-1 = Mo
locale-weekday-2 = Tu
locale-weekday-3 = We
locale-weekday-4 = Th
locale-weekday-5 = Fr
locale-weekday-6 = Sa
locale-weekday-7 = Su
locale-weekday-long-1 = Monday
locale-weekday-long-2 = Tuesday
locale-weekday-long-3 = Wednesday
locale-weekday-long-4 = Thursday
locale-weekday-long-5 = Friday
locale-weekday-long-6 = Saturday
locale-weekday-long-7 = Sunday
locale-day = { $day } { $month } { $year }
locale-moment = { $day }, { $time } UTC
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
standing-what-if = What if
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
scorecard-elsewhere = Look from another day, state of knowledge or edition
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
lapses-calendar = Download for a calendar (.ics)
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

## Plans, training, what people are asked to take

standing-plans = Plans
plan-all = All plans
plan-new = A new plan
plan-new-what = The cheapest way to a goal: who takes which training by when, which opportunities to launch, what else to win. Nothing is kept before you accept it.
plan-new-look = The cheapest way to a goal: who takes which training by when, which opportunities to launch, what else to win. What you make here is for you to look at; the partner alone accepts plans.
plan-choose-goal = Choose a goal
plan-day-past = Choose a day after today: for one that is here or past nothing can be done any more
plan-period-past = Choose a period that has not begun
plan-goal = Goal
plan-reach = Reach { $it }
plan-keep = Keep the tier held
plan-discount = Discount: { $it }
plan-by = By
plan-period = Discount period
plan-rulebook-costs = With the rulebook’s figures, not our own
plan-make = Make a plan
plan-goal-tier = { $tier } on { $day }
plan-goal-keep = Keep { $tier } until { $day }
plan-goal-discount = { $measure }: its part of the discount for { $period }
plan-open-title = Accepted plans
plan-none = No plan is accepted.
plan-none-shown = The partner shows none.
plan-ended-title = Earlier plans
plan-state-accepted = accepted
plan-state-ended = ended
plan-state-replaced = replaced
plan-standing-on = on the way
plan-standing-late = late, still leads there
plan-standing-off = no longer leads there
plan-standing-done = done
plan-done-of = { $done } of { $all } steps
plan-met-of = { $met } of { $all } met
plan-steps = Steps
plan-how = How it stands
plan-accepted = Accepted
plan-met = Nothing has to be done: the goal is met on its day.
plan-no-way = There is no way
plan-no-way-found = No way was found, and it is not proved that there is none
plan-no-time = There is a way for each requirement, but not enough time of those who can prepare at once.
plan-in-the-way = { $n ->
    [one] This requirement cannot be met by then:
   *[other] These requirements cannot be met together by then:
}
plan-value = Value
plan-value-of-facts = { $value } ({ $n } of { $least } facts)
plan-why = Why
plan-nobody-there = No person of the partner is recorded yet, so that nobody can take anything.
plan-not-agreed = { $n ->
    [one] One person has not agreed to be counted: what they take would count for nothing, and they are not asked.
   *[other] { $count } people have not agreed to be counted: what they take would count for nothing, and they are not asked.
}
plan-try-later = Try a later day:
plan-costs-of-rulebook = Reckoned with the rulebook’s figures.
plan-costs-of-partner = Reckoned with your own costs.
plan-costs-of-given = Reckoned with the costs that were given.
plan-cost = Cost
plan-proved = Proved: nothing costs less
plan-proved-fastest = Proved: nothing is done earlier
plan-proved-fewest = Proved: nothing asks fewer people
plan-found-fastest = The fastest that was found
plan-found-fewest = The fewest people that were found
plan-not-proved = Not proved to be the cheapest
plan-gap = Another could be cheaper by at most { $it } %
plan-greedy = The obvious choice
plan-greedy-what = Again and again what closes most of the gap for its cost
plan-greedy-no-way = It does not get there
plan-done-by = Done by
plan-people = People
plan-days-of-work = { $n ->
    [one] one day of preparation and work
   *[other] { $count } days of preparation and work
}
plan-show-vendor = Show this plan to the vendor, costs included
plan-accept = Accept this plan
plan-sheet = Printable sheet
plan-ways-title = Other ways
plan-also-cheapest = the cheapest
plan-also-fastest = the fastest
plan-also-fewest-people = the one that asks the fewest people
plan-ways-are-one = No other way is better. This one is, proved: { $it }.
plan-ways-found-one = No better way was found. Of those that were, this one is: { $it }.
plan-way = Way
plan-way-cheapest = Cheapest
plan-way-fastest = Fastest
plan-way-fewest-people = Fewest people
plan-way-proved = proved
plan-way-found = best found
plan-work-days = Days
plan-proof = Proof
plan-this = this plan
plan-lanes-title = Who does what
plan-lanes-what = A line for each person, from the day of the plan to that of the goal; then what is not one person’s.
plan-who = Who
plan-what = What
plan-from-until = { $from } to { $until }
plan-more-lanes = { $n ->
    [one] One more line is on the sheet.
   *[other] { $count } more lines are on the sheet.
}
plan-more-steps = { $n ->
    [one] One more step is on the sheet.
   *[other] { $count } more steps are on the sheet.
}
plan-steps-title = Steps by days
plan-steps-what = What leaves its window before the day of the goal is made up for: the goal may be met for a while before all steps are done.
plan-times = { $count } × { $it }
plan-due = Due
plan-begin = Begin
plan-cost-in = Cost ({ $it })
plan-counts-for = Counts for
plan-after = Goal after it
plan-step-done = done
plan-step-done-on = done on { $it }
plan-step-late = late
plan-step-impossible = cannot be done any more
plan-step-open = open
plan-reviews-title = Reviews on the way
plan-review-renew = { $day }: { $tier } is renewed
plan-review-grace = { $day }: { $tier } is kept for a grace until { $until }
plan-review-down = { $day }: down to { $tier }
plan-rows-on = The goal on { $it }
plan-rows-before-review = The goal before the review on { $it }
plan-rows-in-window = The goal in the window of the period
plan-accepted-by = Accepted by { $by }, { $at }
plan-ended-by = It was { $state } by { $by }, { $at }.
plan-off-what = What is left to do does not lead to the goal any more. Make the plan anew.
plan-anew = Make it anew
plan-changes-title = What has changed
plan-changes-what = Facts that are not as they were on { $it }, and that no step explains.
plan-change-added = New:
plan-change-removed = Gone:
plan-change-changed = Changed:
plan-more-changes = { $n ->
    [one] And one more.
   *[other] And { $count } more.
}
plan-arrived = { $n ->
    [one] One fact came of a step
   *[other] { $count } facts came of steps
}
plan-of-step = of step { $count }
plan-vendor-title = The vendor
plan-is-shown = The vendor sees this plan, with what it costs.
plan-is-hidden = The vendor does not see this plan.
plan-show = Show it to the vendor
plan-hide = Show it no more
plan-end-title = End the plan
plan-end-reason = Why
plan-end = End it
plan-costs-title = Our costs and time
plan-costs-what = What things cost you, and when your people have time, in the place of the rulebook’s figures. Only your alliance sees it.
plan-costs-changed = Changed by { $by }, { $at }
plan-costs-file = Costs file (TOML)
plan-costs-hint = Empty: the rulebook’s figures. Costs without a currency of their own need currency = "…" at the top.
plan-costs-save = Check and save
plan-costs-template = A beginning: the rulebook’s figures
plan-sheet-kind = Plan
plan-made-on = Made on
plan-sheet-foot = Printed on { $day }, by the rulebook { $edition }.
notice-plan-accepted = Plan { $it } is accepted.
notice-plan-ended = Plan { $it } is ended.
notice-plan-shown = The vendor sees plan { $it } now.
notice-plan-hidden = The vendor does not see plan { $it } any more.
notice-costs-saved = Your costs are saved.{ $it }
training-title = Training catalogue
training-what = Courses and examinations with what they cost one person and how long they take. Open to customers’ staff too. Plans reckon with these figures unless a partner has its own.
training-takes = Takes
training-days = { $n ->
    [one] one day
   *[other] { $count } days
}
training-leads = Leads to
training-requires = Before it
training-none = This edition has no training catalogue.
training-efforts = What else plans reckon with
training-brings = Brings
training-most = { $n ->
    [one] one at most
   *[other] { $count } at most
}
training-assumed = assumed
training-brings-open-opportunities = an open opportunity launched
training-brings-unapproved-opportunities = a launched opportunity approved
training-brings-opportunities = a new opportunity, launched
training-brings-references = a public reference
training-brings-ratings = a rating
training-brings-survey-responses = an answer to the survey
training-brings-validations = a program granted
training-brings-business-plans = a business plan, validated
training-brings-decisions = a decision
training-brings-events = an event
person-asked = Asked to take
person-asked-nothing = No accepted plan asks anything.
person-asked-at = plan { $it }
learning-title = My learning
learning-nobody = No person of your organization has your e-mail address, so that there is nothing to show here.
learning-what = What you hold, what lapses, and what accepted plans ask you to take.
way-learning = My learning

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
fact-withdraw-title = Withdraw: { $it }
fact-withdraw-what = From today on the reference no longer counts for the partner. The partner and the vendor see that you withdrew it.
fact-withdraw-do = Withdraw it
notice-fact-added = { $it } added.
notice-fact-corrected = { $it } corrected. What it said before is in its history.
notice-fact-retracted = It is retracted.
notice-fact-gone = Somebody else has retracted it in the meantime. Your correction was not saved.
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
customer-withdraw-title = Withdraw a reference
customer-withdraw-do = Withdraw
customer-withdraw-what = { $it } published this reference on { $day }. Withdrawn, it stands until today and no longer.
withdraw-counts = It no longer counts for the partner. What was published before is the partner’s to take down.
notice-profile-saved = The profile is saved.
notice-reference-withdrawn = The reference is withdrawn.
notice-domain-claimed = A link is on its way to the mailbox of { $it }. The domain is yours when it is followed.
notice-declared = It is published as decision { $it }.
notice-person-erased = Erased. Versions of rows that were overwritten: { $it }.
notice-row-saved = { $it } is saved.
notice-row-retracted = { $it } is retracted.
notice-consent-saved = It is saved who sees the rating.

## Decisions: waiting, reviews, decisions, disputes, enrolments

list-pages = Pages of the list
list-first = First page
list-next = Next page
list-show = Show
naming-operator = the operator
naming-system = the system
naming-vendor = the vendor
naming-partner = the partner
naming-no-tier = no tier
card-state-met = met
card-state-not-met = not met
card-state-unknown = unknown
card-state-not-required = not asked for
outcome-renew = Keeps { $tier }
outcome-grace = Keeps { $tier } until { $day }, then it is looked at again
outcome-grace-open = Keeps { $tier } for a grace, then it is looked at again
outcome-downgrade = Goes down to { $tier }
outcome-upgrade = Goes up to { $tier }
outcome-word-renew = Renewal
outcome-word-grace = Grace
outcome-word-downgrade = Downgrade
outcome-word-upgrade = Upgrade
waiting-title = Waiting for you
waiting-overdue = reviews overdue
waiting-within = due within { $count } days
waiting-more-than = more than { $it }
waiting-proposed = Proposals to confirm
waiting-confirmed = Confirmed, to publish
waiting-disputes = Disputes to answer
waiting-enrolments = Enrolments to approve
waiting-due = Reviews that are due
waiting-nothing-due = No review is due in the days of which the rulebook gives notice.
waiting-all = All of them
waiting-who = Who
waiting-what = What
waiting-since = Since
waiting-by = By
waiting-dispute-overdue = overdue, was due { $it }
waiting-working-days = { $n ->
    [0] today
    [one] one working day left
   *[other] { $count } working days left
}
reviews-title = Tier reviews
reviews-states = States
reviews-due = Due
reviews-ahead = Due within
reviews-days = { $count } days
reviews-none-due = No review is due by then.
reviews-none = There is none.
reviews-partner = Partner
reviews-partner-id = Id of the partner
reviews-no-partner = there is no partner “{ $it }”
reviews-due-on = Due on
reviews-tier = Tier
reviews-would = Would come to
reviews-propose = Propose
reviews-propose-of = Propose the review of { $it }
reviews-open-proposal = Proposal
reviews-outcome = Outcome
reviews-with-reason = with a reason
reviews-when = When
reviews-who = By
reviews-decision = Decision
reviews-propose-title = Propose a review
reviews-kind = Kind
review-kind-review = Tier review
review-kind-grace-end = End of a grace
review-kind-upgrade = Upgrade
review-state-proposed = Proposed
review-state-confirmed = Confirmed
review-state-published = Published
review-state-replaced = Replaced
review-title = { $kind } of { $partner }
review-see-decision = The decision
review-publish = Publish
review-confirm = Confirm as proposed
review-propose-anew = Propose anew
review-is-replaced = A later proposal has taken the place of this one.
review-engine = The rules come to
review-decided = Decided instead
review-state = State
review-not-published = The partner sees it when it is published. Publishing asks for your second factor.
review-not-confirmed = Nobody has confirmed it yet.
review-reason = Reason
review-as-of = Looks from
review-known-at = As known at
review-edition = Edition
review-otherwise = Decide otherwise
review-to-tier = Tier after it
review-grace-last-day = Last day of the grace
review-grace-hint = Only for a grace.
review-decide = Confirm this
review-numbers = What it rests on
review-whole-scorecard = The whole scorecard as of that day
review-facts = { $n ->
    [one] Computed from one fact, in the version that was known then.
   *[other] Computed from { $count } facts, in the versions that were known then.
}
review-steps = What was done
review-was-proposed = Proposed
review-was-confirmed = Confirmed as proposed
review-was-decided = Decided with a reason
notice-review-proposed = The engine has proposed what the rules come to.
notice-review-confirmed = Confirmed. The partner sees it when it is published.
notice-review-published = Published. The partner is told by mail and in the portal.
card-no-rows = The path asks for nothing.
card-measure = Measure
card-renewal = To keep
card-upgrade = To go up
card-counted = Facts counted
decisions-title = Decisions
decisions-what = Each was frozen with the facts, the edition and the numbers it rests on, and can be recomputed.
decisions-none = Nothing has been decided yet.
decisions-number = No. { $it }
decisions-decision = Decision
decisions-about = About
decisions-supersedes = in place of No. { $it }
decision-title = Decision No. { $n } about { $partner }
decision-kind-renew = Renewal
decision-kind-grace = Grace
decision-kind-downgrade = Downgrade
decision-kind-upgrade = Upgrade
decision-kind-suspended = Suspended
decision-kind-reinstated = Reinstated
decision-kind-executive-review = Executive review
decision-kind-discount = Support discount
decision-published = Published
decision-by = By
decision-on = Holds from
decision-valid-until = Holds until
decision-is-superseded = A later decision has taken the place of this one:
decision-supersedes = In place of
decision-review = How it came about
decision-discount = { $it } % discount on support
decision-statement = Statement for { $it }
decision-percent = Discount
decision-base = Base
decision-value = Value
decision-points = Points
decision-numbers = The numbers, as frozen
decision-recorded = Rows of the tier’s history that it recorded
decision-evidence = { $n ->
    [one] One fact behind it
   *[other] { $count } facts behind it
}
decision-evidence-what = Each stands here in the version from which the numbers were computed.
decision-fact = Fact
decision-fact-kind = Kind
decision-version = Version
decision-learned = Learned
decision-today = Today
decision-fact-gone = gone
decision-from-the-beginning = from the beginning
decision-still-held = the same
decision-changed-since = changed since
verify-title = Verify it
verify-what = The numbers are recomputed with the edition’s own text from exactly the versions below, and from what the database says was known then. Both must come to the frozen bytes.
verify-digest = SHA-256 of the decision
verify-edition-digest = SHA-256 of the edition
verify-do = Recompute
verify-command = For all decisions, at the command line of the server:
verify-same = Comes to the same.
verify-same-what = Recomputed on { $it }: text, edition, evidence and numbers are those that were published.
verify-other = Does not come to the same.
fault-changed-decision = The decision was changed
fault-changed-edition = The edition was changed
fault-changed-evidence = Evidence was changed
fault-missing-evidence = Evidence is missing
fault-recomputed-otherwise = The frozen facts come to other numbers
fault-known-otherwise = Other facts were known then
fact-file-partners = Partner
fact-file-reviews = Row of the tier’s history
fact-file-affiliations = Affiliation
fact-file-individuals = Person
fact-file-credentials = Credential
fact-file-opportunities = Opportunity
fact-file-references = Reference
fact-file-ratings = Rating
fact-file-business-plans = Business plan
fact-file-validations = Validation
fact-file-cases = Case
fact-file-survey-responses = Survey response
fact-file-events = Event
disputes-title = Disputes
disputes-open = Open a dispute
disputes-all = All
disputes-none = There is none.
disputes-about = About
disputes-opened = Opened
disputes-state = State
disputes-clock = Clock
disputes-overdue-since = overdue, was due { $it }
disputes-took = { $n ->
    [0] closed on the same day
    [one] took one working day
   *[other] took { $count } working days
}
dispute-state-open = Open
dispute-state-upheld = Upheld
dispute-state-rejected = Rejected
dispute-state-withdrawn = Withdrawn
dispute-title = Dispute No. { $it }
dispute-new-title = This should have counted
dispute-new-what = Say which fact should have counted, or what is missing, and why. The vendor is to answer within { $count } working days, and both sides see the clock and every word.
dispute-kind = Kind of the fact
dispute-fact = Id of the fact
dispute-fact-hint = Empty if it is missing altogether.
dispute-see-fact = See the fact
dispute-missing = What is missing
dispute-missing-hint = Only where there is no such fact.
dispute-measure = Row in which it should have counted
dispute-no-measure = None in particular
dispute-should-count-in = Should have counted in: { $it }
dispute-claim = Why
dispute-no-fact = there is no fact “{ $it }” of this kind that belongs to you
dispute-withdraw = Take it back
dispute-is-missing = Missing
dispute-due = to be answered by { $it }
dispute-closed = closed { $it }
dispute-opened = opened { $it }
dispute-said = What was said
dispute-message = Message
dispute-message-hint = Both sides see it.
dispute-send = Send
dispute-answer = Answer
dispute-uphold-what = Upholding it records the fact as it is to be, with the answer, in one step.
dispute-uphold = Uphold
dispute-reject-why = Why it does not count
dispute-reject = Reject
dispute-fact-now = The fact as it is held now
dispute-back = Back to the dispute
uphold-title = Uphold dispute No. { $it }
uphold-what = Change what was wrong. The new version of the fact is recorded together with the answer; the versions before it are kept.
uphold-missing-what = Enter the fact that is missing. It is recorded together with the answer.
notice-dispute-opened = The dispute is open. The vendor is told by mail.
notice-dispute-written = Sent. Both sides see it.
notice-dispute-answered = Answered. The partner is told by mail and in the portal.
notice-dispute-upheld = Upheld. The new version of the fact is recorded, and the partner is told.
notice-dispute-withdrawn = The dispute is taken back.
enrolments-title = Enrolments
enrolments-none = There is none.
enrolments-join = Companies apply at
enrolment-company = Company
enrolment-partner = Partner id
enrolment-path = Path
enrolment-agreement = Agreement
enrolment-state-applied = Applied
enrolment-state-agreed = Agreement accepted
enrolment-state-submitted = Handed in
enrolment-state-approved = Approved
enrolment-state-declined = Declined
enrolment-applied-on = Applied
enrolment-agreed-on = Agreement accepted
enrolment-submitted-on = Handed in
enrolment-approved-on = Approved
enrolment-declined-on = Declined
enrolment-approve = Approve
enrolment-approve-what = Approving makes the partner, the first row of its history, and the applicant its alliance lead, who is invited by mail.
enrolment-decline = Decline
enrolment-decline-why = Reason, which the company is told
notice-enrolment-approved = { $it } is a partner now, and its applicant is invited.
notice-enrolment-declined = { $it } is declined.
agreement-title = Partner agreement
agreement-in-force = Version { $it } is in force.
agreement-none = There is no agreement yet, and nobody can hand in an application without one.
agreement-what = A new version holds for whoever applies from now on; versions are never changed.
agreement-version = Name of the new version
agreement-version-hint = Letters, digits, “-”, “_” and “.”, as in 2027-01.
agreement-text = Text
agreement-do = Bring it into force
notice-agreement-set = Version { $it } of the agreement is in force.
join-title = Join the network
join-what = Tell us who you are. Then you accept the agreement, choose a path and hand in your application.
join-go-on = Go on with the application that you have begun
join-company = Legal name of the company
join-partner = Short id
join-partner-hint = Letters, digits, “-”, “_” and “.”. It stands in addresses and reports, and stays.
join-email = E-mail address
join-email-hint = The first user of your company is invited at this address.
join-path-later = Choose later
join-do = Apply
join-agreement = Partner agreement
join-accept = We accept the agreement, version { $it }.
join-accept-do = Accept
join-not-accepted = tick the box to accept the agreement
join-no-agreement = The vendor has not published an agreement yet. Come back later.
join-hand-in = Hand in
join-is-submitted = Your application is with the vendor. You hear of it by mail.
join-is-approved = Welcome. The invitation to your first user is on its way by mail.
join-is-declined = The vendor has declined your application:
join-link = Keep this link: by it, and by this browser until it is closed, you come back to your application.
notice-join-applied = You have applied. Next comes the agreement.
notice-join-agreed = The agreement is accepted. Choose your path and hand in.
notice-join-submitted = Handed in. You hear of it by mail.
notices-title = Notices
notices-none = Nothing has been told yet.
told-review-due = { $n ->
    [0] The tier review is due today, { $day }.
    [one] The tier review is due tomorrow, { $day }.
   *[other] The tier review is due in { $count } days, on { $day }.
}
told-review-overdue = { $n ->
    [one] The tier review was due yesterday, { $day }.
   *[other] The tier review was due { $count } days ago, on { $day }.
}
told-would-come-to = With what is known today: { $it }.
told-review = { $n ->
    [0] Tier review due on { $day }, the same day. It would have come to: { $outcome }
    [one] Tier review due on { $day }, one day ahead. It would have come to: { $outcome }
   *[other] Tier review due on { $day }, { $count } days ahead. It would have come to: { $outcome }
}
told-discount = Published: support discount for { $it }
told-decision = Published: { $it }
told-plan-late = Plan { $it } is late
told-plan-off = Plan { $it } no longer leads to its goal
told-dispute = Dispute No. { $n } about { $fact }: { $answer }

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
rules-spend = What a partner spends is told by events “{ $kind }”: their amounts over { $months }. What a change of rules does to the discount is then told in money.
rules-spend-about = what is spent
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
rules-impact-title = What a change of rules does
rules-impact-do = What it does to the network
rules-impact-what = Both editions are evaluated over the facts of all partners on one day. A higher or lower tier attained changes no tier by itself: reviews and decisions do.
rules-impact-as-of = As of
rules-impact-ask = Compare
rules-impact-report = Report to print
rules-impact-csv = Download CSV
rules-impact-under-way = Being computed: { $done } of about { $partners } partners are done.
rules-impact-again = Look again
rules-impact-head = { $partners } partners as of { $day }, computed { $at }.
rules-impact-outdated = The network has changed since this was computed.
rules-impact-afresh = Compute it anew
rules-impact-totals = How many are moved in which way
rules-impact-total-gains = attain a higher tier
rules-impact-total-loses = attain a lower tier
rules-impact-total-endangered = no longer meet what keeps their tier
rules-impact-total-relieved = now meet what keeps their tier
rules-impact-total-comes-near = come near the next tier
rules-impact-total-discount-higher = earn a higher discount
rules-impact-total-discount-lower = earn a lower discount
rules-impact-unmoved = are not moved
rules-impact-effect-gains = gains
rules-impact-effect-loses = loses
rules-impact-effect-endangered = endangered
rules-impact-effect-relieved = relieved
rules-impact-effect-comes-near = comes near
rules-impact-effect-discount-higher = higher discount
rules-impact-effect-discount-lower = lower discount
rules-impact-tiers = Tier by tier
rules-impact-tiers-what = Who holds a tier; for whom it is the highest attained; who holds it and meets what keeps it; for whom it is the next and who meets what reaches it. Before and after, where the two differ.
rules-impact-tier = Tier
rules-impact-held = Held
rules-impact-attained = Attained
rules-impact-renewal = Renewal met
rules-impact-upgrade = Upgrade met
rules-impact-then = then
rules-impact-moved = Partners that are moved
rules-impact-count = { $n ->
    [0] nobody
    [one] one partner
   *[other] { $count } partners
}
rules-impact-effects = Effect
rules-impact-any = Any
rules-impact-nobody = Nobody is moved in this way.
rules-impact-partner = Partner
rules-impact-why = Why, and what to do
rules-impact-todo = What to do
rules-impact-to-keep = To keep { $it }
rules-impact-to-reach = To reach { $it }
rules-impact-new-tier = { $it } is a new tier
rules-impact-no-tier = no tier
rules-impact-notice = Notice
rules-impact-pages = Pages
rules-impact-earlier = Earlier
rules-impact-later = More
rules-notice-title = Notice for a partner
rules-notice-file = As a text file
rules-notice-what = What this partner would be told about { $it }, as it would be mailed.
rules-sweep-title = One threshold varied
rules-sweep-do = Vary a threshold
rules-sweep-about = How many partners attain the tier, and how many keep it, if the edition asked for more or less of one measure.
rules-sweep-edition = Edition
rules-sweep-requirement = Requirement
rules-sweep-from = From
rules-sweep-to = To
rules-sweep-ask = Vary
rules-sweep-no-number = Write a number that is not negative, as 12 or 4.5
rules-sweep-whole = This is counted: write a whole number
rules-sweep-too-much = Write a number of at most 1,000,000,000
rules-sweep-reversed = It must be more than the number that it begins from
rules-sweep-picture = Curve as SVG
rules-sweep-head = { $measure } for { $tier }
rules-sweep-what = As of { $day }. Of { $partners } partners on the path, { $holders } hold the tier.
rules-sweep-label = How many partners attain { $tier } and how many keep it, by what is asked of { $measure }. The table below has the numbers.
rules-sweep-threshold = Asked
rules-sweep-attain = Attain it
rules-sweep-keep = Hold and keep it
rules-sweep-asked = now
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
rules-area-training = Training
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
network-bare = There is no partner yet. Organizations that join become partners when their enrolment is approved; those that are known already are imported.
network-partner = Partner
network-next-tier = Next tier
network-review = Next review
network-why = Why at risk
network-met = { $met } of { $asked }
network-keeps = renewal { $it }
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

users-title = Users
users-all = All
users-none = There is none.
users-name = Name
users-organization = Organization
users-roles = Roles
user-state-active = Active
user-state-invited = Invited
user-state-disabled = Disabled
user-invite-again = Invite again
user-disable = Disable
user-enable = Enable
user-created = Made
user-changed = Changed
user-change-roles = Change roles
user-roles-what = It takes effect at once, in every session and for every token.
user-save-roles = Save the roles
side-vendor = Vendor
side-partner = Partner
side-customer = Customer
invite-title = Invite somebody
invite-what = They get a link by mail by which they choose a name and a password.
invite-name-hint = Empty for the address; they can change it.
invite-do = Invite
notice-user-roles = The roles of { $it } are changed.
notice-user-disabled = { $it } is disabled, and signed out everywhere.
notice-user-enabled = { $it } may sign in again.
notice-user-invited = { $it } is invited.
journal-title = Journal
journal-what = Everything that was done, in rows that nobody changes. Within a second each is sealed into a chain.
journal-none = There is no such row.
journal-done = What
journal-subject = To what
journal-actor = Who
journal-actor-id = Id of who did it
journal-when = When
journal-facts = Facts
journal-place = Place in the chain
journal-not-sealed = not sealed yet
journal-entry = Row { $it }
journal-hidden = somebody

# What lapses as a calendar, what if, what turns for the network, calendars by address, digests.

lapses-views = Ways to look at it
lapses-view-list = Day by day
lapses-view-calendar = Month by month
lapses-what-if = What if …
lapses-subscribe = Subscribe in a calendar
calendar-choose = Choose a day that is marked to see what happens on it.
calendar-review = Review
calendar-tier = Tier
calendar-column = Renewal or next tier
calendar-discount = Discount
calendar-moves = Numbers move
calendar-period = Discount period
calendar-marks = ▲ a review, a tier, a column or the discount turns; • something else begins, ends or moves.
calendar-marks-network = ▲ something falls; • something rises or stays.
calendar-ends = { $n ->
    [one] 1 fact ends
   *[other] { $count } facts end
}
calendar-begins = { $n ->
    [one] 1 fact begins
   *[other] { $count } facts begin
}

what-if-what = Suppose something, and see the scorecard of a day ahead with it and without it. Nothing of it is stored: all of it is in the address of this page, which you can keep or send.
what-if-slider = Day that is looked at
what-if-look = Look
what-if-next-review = Next review
what-if-months = { $n ->
    [one] In one month
   *[other] In { $count } months
}
what-if-people = People
what-if-name = Name
what-if-credential = Passes
what-if-no-credential = Choose a credential
what-if-find = Find
what-if-nobody = Nobody is called so.
what-if-no-people = No person of this partner is recorded yet.
what-if-to-people = People
what-if-inputs = What can be supposed
what-if-suppose = Suppose something of:
what-if-to-result = To what comes of it
what-if-far = Only days from { $first } to { $last } can be looked at; this is { $day }.
what-if-holds = holds it
what-if-holds-until = holds it until { $it }
what-if-more = { $n ->
    [one] and one more
   *[other] and { $count } more
}
what-if-count = { $n ->
    [one] one person
   *[other] { $count } people
}
what-if-earlier = Earlier
what-if-later = Later
what-if-on = on
what-if-does-leave = leaves
what-if-does-pass = passes
what-if-does-launch = launched
what-if-supposed-fact = supposed
what-if-day-of = Day: { $it }
what-if-opportunities = Open opportunities
what-if-find-opportunity = Text or id
what-if-no-opportunity = No opportunity is open.
what-if-none-found = No open opportunity has this text.
what-if-more-opportunities = There are more; look for one by its text or id.
what-if-programs = Plan and programs
what-if-plan-validated = A business plan is validated
what-if-category = Granted: { $it }
what-if-nothing-supposed = Nothing is supposed yet. This is how it will be as things stand.
what-if-moves-nothing = It changes nothing on this day.
what-if-moves = { $n ->
    [0] No row moves, but the head does.
    [one] One row moves.
   *[other] { $count } rows move.
}
what-if-leaves = { $it } leaves
what-if-passes = { $name } passes { $it }
what-if-launches = { $it } is launched and approved
what-if-granted = { $it } is granted
what-if-plan = A business plan is validated
what-if-save = Record it …
what-if-remove = Take away
what-if-not-stored = Supposed, not stored.
what-if-clear = Take all away
what-if-head = On this day
what-if-attained = Tier attained
what-if-without = As things stand
what-if-with = Supposed
what-if-moved = other
what-if-days = Until { $it }, with what is supposed
what-if-first-days = The first days
what-if-days-come = The days are being looked at.

turns-title = What turns
turns-about = Days within a year on which a tier, a column or a discount of a partner turns if nothing is won or lost but what is written down, and reviews are held on their due days.
turns-ics = Download for a calendar (.ics)
turns-month = Month
turns-tier = Tier held
turns-review = Review
turns-renewal = Renewal
turns-discount = Discount
turns-attained = Tier attained
turns-upgrade = Next tier
turns-fall = { $n ->
    [one] one falls
   *[other] { $count } fall
}
turns-rise = { $n ->
    [one] one rises
   *[other] { $count } rise
}
turns-same = { $n ->
    [one] one stays
   *[other] { $count } stay
}
turns-count = { $n ->
    [one] one turn
   *[other] { $count } turns
}
turns-what = What
turns-anything = Anything
turns-direction = Direction
turns-any-direction = Any direction
turns-direction-falls = falls
turns-direction-rises = rises
turns-direction-same = stays
turns-tier-today = Tier today
turns-nothing = nothing asked
turns-until = until { $it }
turns-becomes = Becomes
turns-rows = Rows
turns-all = Show all
turns-whole-month = The whole month
turns-none = Nothing turns then.

calendars-title = Calendars
calendars-what = A calendar program can subscribe to what lapses. The address holds a secret: whoever has it sees the calendar, with the rights that you have at that moment, and nothing else.
calendars-once = This is the address. It is shown once: copy it into your calendar program now.
calendars-open = Open it in a calendar program
calendars-of = Calendar of
calendars-network = All partners
calendars-made = Made
calendars-used = Fetched last
calendars-never = never
calendars-end = End
calendars-none = There is nothing that you could subscribe to.
calendars-new = A new address
calendars-replaces = replaces the present one, which works no more
calendars-do = Make an address
notice-calendar-ended = The calendar is ended: its address works no more.

digest-title = Mail about what lapses
digest-what = What lapses in the next 30, 60 and 90 days and what falls with it, by mail. Nothing is mailed when there is nothing to tell.
digest-no-mail = This server has no mail server, so that nothing is mailed.
digest-how-often = How often
digest-as-configured = As this server does it: { $it }
digest-off = Never
digest-weekly = Once a week
digest-monthly = Once a month
digest-do = Save
notice-digest-chosen = It is noted how often you are mailed.
digest-stop-title = No more mail about what lapses
digest-stop-ask = Mails about what lapses go to { $it }. Shall they end?
digest-stop-do = End them
digest-has-ended = Mails about what lapses to { $it } have ended already.
digest-stopped = No more mails about what lapses go to { $it }.
digest-choose-again = Choose again
