from vaar.analyses.groups import GROUPS, AskedGroup, groups_table, levels_of

ASKED = [
    AskedGroup("m [carried]", "m", "carried", False),
    AskedGroup("m [isolated]", "m", "isolated", False),
    AskedGroup("s [carried]", "s", "carried", True),
]


def test_a_row_for_each_group_and_for_people_last():
    levels = {'or"der': "a, b: [c]"}
    split = {"m [carried]": {"m [carried] [x]": levels, "m [carried] [y]": {'or"der': "b"}}}
    table = groups_table(ASKED, split, ["human"])
    assert table["group"].tolist() == [
        *("m [carried] [x]", "m [carried] [y]", "m [isolated]", "s [carried]", "human"),
    ]
    assert levels_of(table["levels"][0]) == levels
    assert levels_of(table["levels"][2]) == {}
    assert table["respondent"].tolist() == ["m", "m", "m", "s", "human"]
    assert table["condition"].tolist() == ["carried", "carried", "isolated", "carried", ""]
    assert table["simulated"].tolist() == [False, False, False, True, False]
    assert table["people"].tolist() == [False, False, False, False, True]


def test_it_comes_back_from_its_file():
    table = groups_table(ASKED, {}, [])
    again = GROUPS.from_csv(GROUPS.to_csv(table))
    assert again.equals(table)
