import pytest

from vaar.study import explain


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("study: small", "study: 2small", 1, '"study" is "2small"; allowed is a letter, then'),
        ("weight: 2", "wieght: 2", 45, 'unknown key "wieght" (did you mean "weight"?) in "hyp'),
        ("    source: Nobody (2000).\n", "", 5, '"source" is missing in "instruments"; add a line'),
        ("title: Worry", "title:", 6, '"title" is empty; allowed is text'),
        ("title: Worry", "title: '  '", 6, '"title" is "  "; allowed is some text'),
        ("[Disagree, Neither, Agree]", "[no, maybe]", 13, 'put it in quotes: "no"'),
        ("[Disagree, Neither, Agree]", "[1, two]", 13, 'an entry of "labels" is "1"'),
        ("[Disagree, Neither, Agree]", "[Agree]", 13, '"labels" is too short: at least 2'),
        ("first: 1", "first: one", 12, '"first" is "one"; allowed is a whole number'),
        ("first: 1", "first: 1.5", 12, '"first" is "1.5"; allowed is a whole number'),
        ("first: 1", "first: true", 12, '"first" is "true"; allowed is a whole number'),
        ("first: 1", "first: 3000", 12, "allowed is a value less than or equal to 1000"),
        ('keying: "-"', "keying: reversed", 16, '"keying" is "reversed"; allowed is "+" or "-"'),
        ("[worry_1]", "worry_1", 18, '"items" is "worry_1"; allowed is a list'),
        ("[worry_1]", "[]", 18, '"items" is too short'),
        ("history: carried", "history: kept", 31, 'allowed is "carried", "isolated" or "fresh"'),
        ("weight: 2", "weight: 0", 45, '"weight" is "0"; allowed is a value greater than 0'),
        ("weight: 2", "weight: .nan", 45, '"weight" is ".nan"; allowed is a finite number'),
        ("weight: 2", "weight: heavy", 45, '"weight" is "heavy"; allowed is a number'),
        ("path: deeds ~ worry", "path: deeds", 43, 'allowed is "outcome ~ predictor"'),
        ("model: |", "limits: {turns: 0}\nmodel: |", 39, '"turns" is "0"; allowed is a value gr'),
        ("model: |", "limits: many\nmodel: |", 39, 'allowed is lines of the form "key: value"'),
        ("code: worry_1,", "code: worry_1, sort: x,", 15, "allowed are code, text, keying"),
        ("labels: [Never", "low: 0\n      labels: [Never", 26, "allowed are first, labels"),
        ("{source: Nob", "{page: 2, source: Nob", 47, "allowed are source, finding"),
        ("wording: parallel", "words: parallel\n    wording: parallel", 8, "construct, wording"),
        ("model: |", "sampling: {top_p: 1}\nmodel: |", 39, 'unknown key "top_p" in "sampling"'),
    ],
)
def test_finding_tells_line_found_and_allowed(problems, old, new, line, message):
    (told,) = problems((old, new))
    assert told.startswith(f"{line}: ")
    assert message in told


def test_root_that_is_no_mapping(tmp_path, problems):
    assert problems(("study: small", "- study: small\n---"))[0].startswith("2: a second document")


def test_missing_and_unknown_keys_are_told_in_the_order_of_lines(problems):
    told = problems(("presentation: item", "presentaton: item"), ("study: small", "study: 1"))
    assert [line.split(":")[0] for line in told] == ["1", "30", "32"]


def test_ten_problems_are_told_and_the_rest_counted(problems):
    extra = "\n".join(f"key_{i}: 1" for i in range(14))
    told = problems(("study: small", f"{extra}\nstudy: small"))
    assert len(told) == 11
    assert told[-1] == "… and 4 more"


def test_of_thousands_of_unknown_keys_few_are_looked_up_and_all_are_counted(problems, monkeypatch):
    looked_up: list[str] = []

    def suggestion(name, known):
        looked_up.append(name)
        return ""

    monkeypatch.setattr(explain, "suggestion", suggestion)
    extra = "\n".join(f"key_{i}: 1" for i in range(3_000))
    told = problems(("study: small", f"{extra}\nstudy: small"))
    assert told[-1] == "… and 2990 more"
    assert len(looked_up) <= explain.MOST_EXPLAINED
