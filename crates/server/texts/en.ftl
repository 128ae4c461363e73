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
told-dispute = Dispute No. { $n } about { $fact }: { $answer }

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
domains-title = E-mail domains
domains-what = Whoever answers for a domain confirms it by a link that is mailed to its own mailbox.
domains-none = No domain is claimed yet.
domains-domain = Domain
domains-claimed = Claimed
domains-confirmed = Confirmed
domains-not-yet = not yet
domains-claim = Claim a domain
domains-mailbox = Mailbox to which the link is sent
domains-do = Send the link
notice-domain-claimed = The link is on its way to a mailbox of { $it }.
