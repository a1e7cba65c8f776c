import numpy as np

from vaar.respondents.local.value_shift.fitting import fit_detector, fit_layers


def streams(generator, n, told):
    """Streams of three layers; the value is told in the last alone."""
    found = generator.normal(size=(n, 3, 12))
    found[:, 2, 0] += told
    return found


def test_a_layer_is_judged_by_what_it_tells():
    generator = np.random.default_rng(1)
    layers = fit_layers(streams(generator, 60, 4), streams(generator, 60, -4), range(3))
    assert [one.layer for one in layers] == [0, 1, 2]
    assert layers[2].told.accuracy > 0.95 and layers[2].told.auc > 0.95
    assert layers[0].told.accuracy < 0.75
    assert layers[2].shuffled.accuracy < 0.75


def test_the_detector_reads_the_layer_that_tells_best():
    generator = np.random.default_rng(2)
    inside, outside = streams(generator, 60, 4), streams(generator, 40, -4)
    units = np.r_[np.tile(np.arange(30), 2), 30 + np.arange(40)]
    detector = fit_detector(inside, outside, units, range(3))
    assert detector.layer == 2 and detector.told.accuracy > 0.95
    assert (detector.probe.probability(inside[:, 2]) > 0.5).mean() > 0.95
