"""Words that mean the same to this desk, so that a rare word is read like its common neighbours.

A row is one concept. Words are compared by their stem, so one form of each is enough; a phrase of
two or three words is joined by underscores.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

# How far apart two concepts may stand to count as said together, in words.
REACH = 6

CONCEPTS: dict[str, str] = {
    # what the customer wants done
    "leave": "cancel cancelled cancelling cancellation end stop quit terminate termination close "
    "closure shut discontinue leave leaving drop unsubscribe opt_out finish over rid kill scrap "
    "withdraw cease axe ditch exit part_ways want_out get_out cut_off call_it give_notice bail "
    "not_renew not_continue no_longer i_am_out i_am_done be_done pull_the_plug unenroll deactivate "
    "disenroll sign_me_off wind_up get_rid let_it_go bow_out take_me_off switch_off",
    "keep": "keep stay remain continue carry_on stick stay_put leave_it_running leave_it_as "
    "hang_on go_on keep_going",
    "undo": "undo undone reverse reactivate restore reinstate bring_back come_back resume restart "
    "resubscribe revert uncancel un_cancel reopen take_back turn_it_back back_on rejoin reenable "
    "switch_it_back get_it_back want_back start_again unpause",
    "change_of_mind": "never_mind changed_my_mind change_my_mind on_second_thought second_thoughts "
    "forget_it scratch_that scrap_that ignore_that actually wait disregard reconsider regret",
    "pause": "pause freeze suspend suspension break snooze halt breather on_hold hold_off on_ice "
    "put_on_hold vacation_mode time_out hiatus standby put_it_on_hold take_a_break for_a_while",
    "skip": "skip miss leave_out postpone delay push_back hold_back not_send reschedule omit "
    "pass_on_next do_without next_box next_delivery this_week next_week",
    "frequency": "every weekly fortnight fortnightly biweekly bi_weekly monthly frequency often "
    "twice every_other every_second interval schedule cadence rhythm quarterly spread apart",
    "smaller": "smaller small downgrade reduce fewer less smallest scale_down basic lighter "
    "step_down size_down go_down move_down downsize portion minimum lowest single cheapest",
    "switch": "switch change move swap upgrade",
    "discount": "discount promo promotion coupon voucher deal percent_off price_match reduction "
    "loyalty special rebate markdown bargain code money_off knock_off sweeten half_price perk",
    "return": "return send_back give_back bring_back money_back exchange replace replacement label",
    "refund": "refund reimburse reimbursement money_back repay credited refundable prorate",
    "offer": "offer option alternative possibility solution suggestion choice proposal",
    "other": "other else another different instead alternative apart besides more",
    # what it is about
    "subscription": "subscription subscriptions plan membership contract agreement auto_renew "
    "autorenewal renewal larder meal_kit service member subscriber",
    "account": "account profile login",
    "box": "box boxes meals meal_box kit kits shipment dinner grocery food ingredient recipe",
    "order": "order ordercode purchase knife knives pan mat skillet item product board pot set "
    "apron cookware kitchenware wok grinder bowl peeler bought ordered",
    "delivery": "ship delivery deliver parcel package courier tracking arrive driver van doorstep "
    "porch dispatch carrier transit fedex ups usps dhl eta shipped delivered dropped_off en_route",
    "trial": "trial intro introductory starter",
    # money
    "money": "money price cost pay expensive pricey afford cheap budget rate worth fee steep "
    "overpriced costly value dollars dollar cash",
    "bill": "bill billing invoice charge payment card receipt statement debit transaction renew "
    "overdue owe due charged deducted autopay balance",
    "dear": "too_expensive expensive pricey costly overpriced steep cannot_afford can_not_afford "
    "not_afford too_much_money over_budget rip_off ripoff price_increase went_up go_up raise hike "
    "budget tight not_worth cheaper",
    # causes
    "unused": "unused waste wasting bin throw pile untouched stack eat_out eating_out takeout "
    "leftovers not_use never_use not_using hardly barely not_cook no_time too_busy never_home "
    "freezer fridge going_bad not_need not_using_it",
    "competitor": "hellofresh gousto mindful everyplate factor dinnerly competitor green_chef "
    "home_chef blue_apron marley_spoon hello_fresh sunbasket mindful_chef tesco walmart kroger "
    "aldi "
    "switched_to going_with signed_up_with another_company other_company another_service lidl "
    "trader supermarket elsewhere abel_cole purple_carrot instacart costco",
    "feature": "vegan vegetarian gluten keto allergy dairy halal kosher diet variety paleo menu "
    "pescatarian nut_free lactose diabetic selection sodium carb feature ingredients choose",
    "complex": "complicated confusing confuse difficult hassle complex figure_out figure steps "
    "understand fiddly hard_to maze effort overwhelming tedious clunky unclear lost_in",
    "bad_food": "rotten mouldy moldy mold stale slimy soggy bland tasteless smell bruised spoiled "
    "wilted wilt off quality taste flavor flavour undercooked raw sour tough dry gross disgusting "
    "peel scratch crack fresh frozen mushy inedible worse portion chip rust dull blunt flimsy",
    "late": "late missing damaged broken lost wrong_address crushed melted leak smashed torn wet "
    "soaked not_arrive never_arrive never_came not_come not_delivered wrong thaw spill "
    "never_showed "
    "warm squashed dent delayed half_empty stolen waited waiting turned_up never_got",
    "support": "support rude customer_service helpline ignore reply respond response agent staff "
    "unhelpful answer call_back nobody hung_up on_hold attitude passed_around team",
    "technical": "app website site crash error loading load page button bug reset password log_in "
    "login log_out logged glitch browser screen spins checkout frozen_screen sync update "
    "notification link install online phone android iphone",
    "away": "away travel holiday vacation trip abroad cruise busy exam out_of_town renovate "
    "renovation business_trip deployed summer winter visiting overseas sabbatical kitchen_redone",
    "life": "move moving moved relocate relocating baby pregnant divorce separate separation "
    "wedding married newborn twins born break_up broke_up retire college university new_job "
    "new_house apartment parental maternity empty_nest split_up",
    "hardship": "die died death dead passed_away funeral cancer hospital ill illness sick laid_off "
    "unemployed lost_job lost_my_job redundant redundancy debt bankrupt bankruptcy evict eviction "
    "surgery diagnosed diagnosis chemo widow grief grieving stroke accident disabled disability "
    "benefits foreclosure furlough funeral dementia hospice tumor coma homeless food_bank "
    "miscarriage fired layoffs hours_cut depression icu heart_attack bereaved struggling injured",
    "family": "mother father husband wife son daughter partner kid child parent sister brother "
    "grandmother grandfather family roommate girlfriend boyfriend aunt uncle household",
    "mistake": "accident mistake accidentally mistakenly meant by_accident by_mistake unintended "
    "did_not_mean did_not_know not_realize never_signed wrong_button clicked misclick intend oops",
    # people and rights
    "human": "human person agent representative rep manager supervisor someone somebody colleague "
    "operator advisor adviser real_person employee specialist put_me_through transfer connect "
    "speak talk call phone_number",
    "bot": "bot robot ai machine chatbot automated computer program chatgpt algorithm script siri "
    "automatic software artificial",
    "legal": "lawyer attorney sue court legal ftc bbb illegal law solicitor chargeback consumer "
    "regulator ombudsman lawsuit report_you dispute authorities fraud scam trading_standards "
    "rights "
    "class_action small_claims prosecute breach police attorney_general cfpb",
    "data": "data personal gdpr ccpa record privacy information detail erasure database stored "
    "forgotten",
    "erase": "erase wipe delete remove purge forget destroy clear",
    "angry": "terrible awful worst horrible joke ridiculous unbelievable disgrace disappointed "
    "pathetic useless unacceptable fed_up furious sick_of tired_of hate nightmare shame angry "
    "frustrated crap garbage rubbish appalling shocking lousy poor disgusted sucks annoyed stupid "
    "incompetent had_enough lies liar shambles hopeless",
    # the manner of asking
    "how": "how way where_do steps",
    "when": "when date deadline until how_long how_soon by_when",
    "where": "where whereabouts status track",
    "why": "why how_come reason",
    "what": "what which",
    "who": "who whom",
    "can": "can could may possible able would allowed",
    "if": "if unless otherwise or_else either",
    "ask": "?",
    "not": "not no never without nothing nobody none neither hardly",
    "want": "want like wish need prefer love rather",
    "please": "please kindly appreciate",
    "have": "have got include included offer available provide sell",
    "happen": "happen lose affect effect consequence penalty penalties fee notice still minimum",
    "again": "again still already third second_time keep_asking repeat told_you said",
    "now": "now immediately today at_once right_away asap instantly as_soon_as effective tonight",
    # small talk
    "greet": "hi hello hey morning afternoon evening howdy yo hiya greetings sup",
    "thanks": "thank thanks appreciate grateful helpful lifesaver cheers brilliant",
    "bye": "bye goodbye see_you later take_care good_night farewell ciao cya",
    "yes": "yes okay sure correct right alright fine agree agreed confirm absolutely definitely "
    "exactly go_ahead sounds_good do_it accept deal perfect take_it great",
    "no": "no not_really never pass decline reject refuse not_interested no_thanks",
    "sorry": "sorry unfortunately sadly afraid apologies",
    # other people's business
    "elsewhere": "netflix spotify gym flight hotel dentist restaurant reservation doctor "
    "appointment insurance uber amazon hulu class ticket bank train airline airbnb disney prime "
    "newspaper magazine cable internet mobile tv haircut electricity lease visa taxi booking "
    "table concert vet loan mortgage rental broadband",
    "mailing": "newsletter email mail mailing_list marketing text_messages sms spam notification "
    "flyer ads junk reminder survey",
    "chat": "weather joke movie song translate poem recipe_for game score president capital "
    "sing homework football news story math stock bitcoin play music trivia horoscope lottery "
    "politics planet history cook_a boil oven bake favorite",
    "week": "week month year day weeks months weekend",
    "season": "january february march april may june july august september october november "
    "december summer winter spring fall autumn easter christmas monday tuesday wednesday thursday "
    "friday saturday sunday thanksgiving",
}


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """Return the part of an English word that its common forms share (leaving: leav)."""
    for ending, least in (("ing", 6), ("ed", 5), ("ies", 5), ("es", 5), ("s", 4)):
        if word.endswith(ending) and len(word) >= least and not word.endswith("ss"):
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lse":
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word[-1] in "ey" else word


def concepts_at(plain: Sequence[str]) -> list[tuple[int, str]]:
    """Return the concepts of a message's plain tokens with the place of each, in order."""
    table, sizes = _table()
    stems = [stem(word) for word in plain]
    found: list[tuple[int, str]] = []
    for place, first in enumerate(stems):
        for size in sizes.get(first, ()):
            for concept in table.get(tuple(stems[place : place + size]), ()):
                if (place, concept) not in found[-8:]:
                    found.append((place, concept))
    return found


def concept_grams(plain: Sequence[str]) -> list[str]:
    """Return each concept, and each pair of concepts said within reach, as features."""
    found = concepts_at(plain)
    grams = [f"c {concept}" for _, concept in found]
    for i, (place, concept) in enumerate(found):
        for later_place, later in found[i + 1 :]:
            if later_place - place > REACH:
                break
            if later != concept:
                grams.append(f"c {concept} {later}")
    return grams


@lru_cache(maxsize=1)
def _table() -> tuple[dict[tuple[str, ...], tuple[str, ...]], dict[str, list[int]]]:
    """Return the concepts of each phrase, and how many words phrases that begin with a word have.

    Most words begin none, so most places of a message cost one look.
    """
    table: dict[tuple[str, ...], tuple[str, ...]] = {}
    for concept, phrases in CONCEPTS.items():
        for phrase in phrases.split():
            key = tuple(stem(word) for word in phrase.split("_"))
            if concept not in table.get(key, ()):
                table[key] = (*table.get(key, ()), concept)
    sizes: dict[str, set[int]] = defaultdict(set)
    for key in table:
        sizes[key[0]].add(len(key))
    return table, {first: sorted(lengths) for first, lengths in sizes.items()}
