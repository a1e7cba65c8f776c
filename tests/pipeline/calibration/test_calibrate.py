import pytest

import vaar
from vaar.errors import OptionError


def test_the_tables_of_a_calibration(simulated):
    assert simulated.paths["path"].tolist() == ["aods ~ privacy", "aods ~ prosocial"]
    assert simulated.paths["data_sets"].tolist() == [2, 2]
    assert simulated.groups["population"].tolist() == ["null"]
    assert simulated.place is None
    assert simulated.record["sessions"] == 60


def test_power_at_one_number_and_the_number_that_suffices(tmp_path):
    told = []
    found = vaar.power(
        effects={"aods ~ privacy": 0.5, "aods ~ prosocial": 0.5},
        sessions=60,
        data_sets=2,
        most=70,
        out=tmp_path / "run",
        on_progress=lambda stage, done, total: told.append((stage, done, total)),
    )
    assert told[0] == ("60 sessions", 2, 2)
    assert found.place == tmp_path / "run.power"
    assert found.paths["sessions"].min() == 60
    assert found.paths["truth"].tolist()[:2] == pytest.approx([-0.5, 0.5])
    assert found.needed["path"].tolist() == ["aods ~ privacy", "aods ~ prosocial", "all"]
    assert set(found.needed["source"]) == {"as given", ""}


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: vaar.calibrate(sessions=1), "sessions is 1; allowed is 2 or more"),
        (lambda: vaar.calibrate(data_sets=1), "data_sets is 1"),
        (lambda: vaar.calibrate(populations=[]), "no population was named"),
        (lambda: vaar.calibrate(workers=0), "workers is 0; allowed is 1 or more"),
        (lambda: vaar.calibrate(loading=0.0), "loading is 0"),
        (lambda: vaar.calibrate(persona_share=1.2), "persona_share is 1.2"),
        (lambda: vaar.power(chance=0.999), "chance is 0.999; allowed is"),
        (lambda: vaar.power(chance=float("nan")), "chance is nan; allowed is"),
        (lambda: vaar.power(most=100), "most is 100; allowed is 200 or more"),
        (lambda: vaar.power(effects=2.0), "lies between -1 and 1"),
    ],
)
def test_rubbish_is_refused_in_one_sentence(call, told):
    with pytest.raises(OptionError, match=told) as error:
        call()
    assert "\n" not in str(error.value)
