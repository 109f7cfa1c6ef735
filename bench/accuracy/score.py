"""Scores detections against labels with pycocotools.

Usage: score.py GROUND_TRUTH DETECTIONS...

GROUND_TRUTH is a COCO annotation file; each of DETECTIONS is a COCO result file. Prints a JSON
object for each on a line of its own: average precision over IoU 0.50 to 0.95, at 0.50, by size of
the object, and, for all but the first, the difference of average precision to the first with its
standard error: photos are drawn with replacement, the same ones for both.
"""

import contextlib
import io
import json
import sys

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

RESAMPLES = 200
SEED = 7


def evaluate(truth, file):
    """Matches detections with labels, photo by photo."""
    with contextlib.redirect_stdout(io.StringIO()):
        evaluation = COCOeval(truth, truth.loadRes(file), 'bbox')
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return evaluation


def average_precision(evaluation, photos):
    """Average precision over some of the photos, which may be named more than once."""
    settings = evaluation._paramsEval
    classes, areas, count = len(settings.catIds), len(settings.areaRng), len(settings.imgIds)
    matches = evaluation.evalImgs
    precisions = []
    for number in range(classes):
        start = number * areas * count
        found = [matches[start + photo] for photo in photos if matches[start + photo] is not None]
        if not found or (total := sum(np.sum(it['gtIgnore'] == 0) for it in found)) == 0:
            continue
        precisions.append(precision_of(found, total, settings.recThrs))
    return np.mean(precisions)


def precision_of(found, total, recalls):
    """Interpolated precision of one class, the mean over all IoU thresholds and recalls."""
    scores = np.concatenate([it['dtScores'] for it in found])
    order = np.argsort(-scores, kind='mergesort')
    matched = np.concatenate([it['dtMatches'] for it in found], axis=1)[:, order]
    ignored = np.concatenate([it['dtIgnore'] for it in found], axis=1)[:, order].astype(bool)
    true = np.cumsum((matched != 0) & ~ignored, axis=1)
    false = np.cumsum((matched == 0) & ~ignored, axis=1)
    values = []
    for hits, misses in zip(true, false, strict=True):
        precision = hits / np.maximum(hits + misses, 1e-9)
        precision = np.maximum.accumulate(precision[::-1])[::-1]
        at = np.searchsorted(hits / total, recalls, side='left')
        values.append(np.mean(np.append(precision, 0)[np.minimum(at, len(precision))]))
    return np.mean(values)


def main(truth_file, *files):
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO(truth_file)
    evaluations = [evaluate(truth, file) for file in files]
    count = len(evaluations[0]._paramsEval.imgIds)
    random = np.random.default_rng(SEED)
    draws = [random.integers(0, count, count) for _ in range(RESAMPLES)]
    base = [average_precision(evaluations[0], draw) for draw in draws]
    # The resampling has its own sum; it must be pycocotools' where nothing is drawn twice.
    whole = average_precision(evaluations[0], range(count))
    assert abs(whole - evaluations[0].stats[0]) < 1e-6, whole
    for file, evaluation in zip(files, evaluations, strict=True):
        drawn = [average_precision(evaluation, draw) for draw in draws]
        difference = np.array(drawn) - np.array(base)
        stats = evaluation.stats
        print(json.dumps({
            'file': file,
            'ap': stats[0], 'ap50': stats[1],
            'small': stats[3], 'medium': stats[4], 'large': stats[5],
            'difference': stats[0] - evaluations[0].stats[0],
            'error': float(difference.std()),
        }))


if __name__ == '__main__':
    main(*sys.argv[1:])
