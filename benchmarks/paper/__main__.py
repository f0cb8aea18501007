"""Runs the experiments and remakes their page.

Contents
--------
main            run what the command line asks for
"""

import argparse
import os
import time
from pathlib import Path

from benchmarks import records
from benchmarks.paper import curves, fisher_image, mixture, proved, render, speeds
from benchmarks.paper.settings import SETTINGS, Setting
from exact_wlra.datasets.errors import MissingImagesError
from exact_wlra.datasets.image_places import VARIABLE
from exact_wlra.datasets.images import load
from exact_wlra.experiments.layers import TrainedLayer, trained_layer, weighted


def main() -> None:
    """Run the experiments on what is found, then write the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.paper")
    parser.add_argument("--render", action="store_true", help="only remake the page")
    parser.add_argument("--data", metavar="FOLDER", help="where images are looked for")
    parser.add_argument("--only", metavar="NAME", help="only this image set")
    chosen = parser.parse_args()
    if chosen.data:
        os.environ[VARIABLE] = str(Path(chosen.data).resolve())
    if not chosen.render:
        _run([s for s in SETTINGS if chosen.only in (None, s.name)])
    render.main()
    print(f"written: {render.PAGE}")


def _run(settings: list[Setting]) -> None:
    """Run everything, image set by image set, and store records."""
    started = time.perf_counter()
    firsts: dict[str, TrainedLayer] = {}
    missing = {}
    for setting in settings:
        try:
            firsts[setting.name] = _image_set(setting)
        except MissingImagesError as error:
            missing[setting.name] = str(error)
            print(error)
    largest = max(firsts, key=lambda name: _is_timed(firsts[name]))
    speed = speeds.run(weighted(firsts[largest], "importance"))
    records.keep("paper_speeds", "speeds", {"images": largest, **speed})
    for kind, sizes in mixture.KINDS.items():
        records.keep("paper_mixture", kind, mixture.run(sizes))
    fisher_image.draw(firsts)
    record = {
        "missing": missing,
        "seconds": round(time.perf_counter() - started),
        "processor_seconds": round(time.process_time()),
    }
    records.keep("paper_run", "run", record)
    print(f"all experiments: {record['seconds']} s")


def _image_set(setting: Setting) -> TrainedLayer:
    """Train the networks of one image set, run all on them, return the first layer."""
    images = load(setting.name)
    started = time.perf_counter()
    layers = [
        trained_layer(images, training=setting.training, seed=seed)
        for seed in range(setting.trials)
    ]
    trained = round(time.perf_counter() - started, 1)
    print(f"{setting.name}: {setting.trials} networks trained in {trained} s")
    record = curves.run(setting, images, layers)
    records.keep("paper_layers", setting.name, {"training_seconds": trained, **record})
    print(f"{setting.name}: curves in {record['seconds']} s")
    if setting.name in proved.IMAGES:
        started = time.perf_counter()
        parts = proved.run(layers[0])
        seconds = round(time.perf_counter() - started, 1)
        records.keep(
            "paper_proved", setting.name, {"instances": parts, "seconds": seconds}
        )
        print(f"{setting.name}: {len(parts)} proved instances in {seconds} s")
    return layers[0]


def _is_timed(layer: TrainedLayer) -> tuple[bool, int]:
    """Prefer the size of the paper, 784 x 128, then the largest."""
    return layer.entries.shape == (784, 128), layer.entries.size


if __name__ == "__main__":
    main()
