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
