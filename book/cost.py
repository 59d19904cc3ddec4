# ---
# jupyter:
#   book:
#     networks: [paper_a, measured]
#     reads: []
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Beyond one machine: what it costs
#
# *What would it take to train all of paper A again, or a thousand times as much?* Every training writes down how long each of its epochs
# took. This page adds that up for other numbers of networks, cores and GPUs.

# %% tags=["hide-input"]
from lib.book import cost, figures, page

N_SEEDS, N_MANY = 5, 10_000
trained, notes = cost.trainings(), cost.noted()
of, rates, room = cost.costs(trained, notes), cost.rate_table(trained, notes), cost.space()
n_grid = len(of) * N_SEEDS
beside = cost.beside_seeds(cost.validation_accuracies("sst"), notes)
page.say(
    cost_n_grid=n_grid,
    cost_grid_2=cost.in_words(cost.grid_seconds(of, n_grid, "CPU", 2)),
    cost_grid_64=cost.in_words(cost.grid_seconds(of, n_grid, "CPU", 64)),
    cost_grid_gpu=cost.in_words(cost.grid_seconds(of, n_grid, "GPU", 1)),
    cost_n_many=N_MANY,
    cost_many_64=cost.in_words(cost.grid_seconds(of, N_MANY, "CPU", 64)),
    cost_many_gpu=cost.in_words(cost.grid_seconds(of, N_MANY, "GPU", 8)),
    cost_many_gb=N_MANY * room.whole / 1e9,
    cost_many_files=round(N_MANY * room.whole_files),
    cost_checkpoint_mb=room.checkpoint / 1e6,
    cost_longest=cost.longest_in_words(of, n_grid, 64),
    cost_gain=cost.gain_in_words(rates),
    cost_within=cost.within_in_words(beside),
    cost_machines=cost.machines(trained),
    cost_reviews=rates.set_index("architecture").eval("`one of several on a GPU` / `alone on a GPU`")["gru"],
    cost_uneven=cost.uneven(trained),
)

# %% [markdown]
# ```{admonition} Answer
# :class: answer
# Every corpus of paper A with every architecture, five seeds each, {glue:text}`cost_n_grid` networks in all, takes
# {glue:text}`cost_grid_2` on two cores, {glue:text}`cost_grid_64` on 64, and {glue:text}`cost_grid_gpu` on one GPU.
# {glue:text}`cost_n_many:,` networks would take {glue:text}`cost_many_64` on 64 cores or {glue:text}`cost_many_gpu` on eight GPUs, and
# {glue:text}`cost_many_gb:.0f` GB in {glue:text}`cost_many_files:,` files if every folder is kept whole.
# ```
#
# ## Time

# %% tags=["hide-input"]
workers = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]
hours = {
    (processor, n): [cost.grid_seconds(of, n, processor, k) / 3600 for k in workers]
    for n in (n_grid, N_MANY)
    for processor in ("CPU", "GPU")
}
with page.figure("cost", 2, height=3.4) as (speeds, times):
    figures.training_rates(speeds, cost.of_yelp(trained), dict(cost.alone(notes)))
    figures.time_by_workers(times, workers, hours)
    figures.legend_below(times.figure, speeds, times, columns=4)

# %% [markdown]
# ```{glue:figure} fig_cost
# :name: fig-cost
# :alt: Left, tokens per second of single trainings for four architectures on a logarithmic axis, on CPU cores and on a GPU; right, hours until all networks are trained against the number of cores or GPUs, both axes logarithmic.
#
# A GPU gains much where torch has a kernel for the whole sequence (GRU, LSTM), and little where the sequence is a loop in Python (UGRNN).
# (a) One dot per network that read Yelp's reviews; a diamond for a training that had the GPU to itself, on SST, whose short sentences give a
# GPU little to do at once. (b) Time until the last network is trained, the longest first, one at a time on each core or GPU.
# ```
#
# {glue:text}`cost_gain` {glue:text}`cost_longest`

# %% tags=["hide-input"]
amounts = [("CPU", 2), ("CPU", 64), ("GPU", 1), ("GPU", 8)]
cost.time_table(of, (n_grid, N_MANY), amounts).style.hide(axis="index")

# %% [markdown]
# Tokens per second of one training, on Yelp's reviews (alone on a GPU: on SST):

# %% tags=["hide-input", "full-width"]
rates.style.hide(axis="index").format("{:,.0f}", subset=rates.columns[1:], na_rep="not measured")

# %% [markdown]
# ## Disk and files
#
# For {glue:text}`cost_n_many:,` networks. A checkpoint ({glue:text}`cost_checkpoint_mb:.0f` MB) stays after its training, because a trial of
# the search for recipes and a network may share it. `_build/checkpoints` can be deleted when the networks are there.

# %% tags=["hide-input"]
kept = cost.space_table(room, N_MANY)
kept.style.hide(axis="index").format({"GB": "{:,.3g}", "files": "{:,}"}, na_rep="little")

# %% [markdown]
# ## Is it the same network?
#
# Three networks of SST were trained on the GPU with the recipe and the seed of published ones. The order of its sums is another, so
# that the weights are not the same; what counts is whether their validation accuracy is one that another seed could have had.
# {glue:text}`cost_within` (Within: nine in ten further seeds would be no farther from the mean, by the standard deviation of the seeds and
# Student's t.)

# %% tags=["hide-input"]
words = {"within": lambda yes: "yes" if yes else "no"}
beside.rename_axis("architecture").rename_axis(None, axis=1).reset_index().style.hide(axis="index").format(words, precision=3)

# %% [markdown]
# ## What this does not show
#
# Only training is counted: to gather a network's evidence and to measure its claims takes some minutes more on a core. The CPU's times
# come from cores that other work shared: {glue:text}`cost_uneven` Sixty-four cores of one machine share their memory and are slower each.
# The GPU's rates were measured beside other trainings, whose number was not recorded; with one at a time it may be faster. No vanilla
# network was trained on reviews there: it is counted at its rate on SST, which makes the GPU's times too long (a GRU was
# {glue:text}`cost_reviews:.1f` times as fast on reviews as on SST). The three accuracies and the rates of a training alone were written
# down by hand, in round numbers, and the folders of those runs were not kept (`lib/book/gpu.csv` says so). Three seeds say little about
# a spread.
#
# Processors, as the folders name them: {glue:text}`cost_machines`.
#
# ```{admonition} Reproduce this
# :class: reproduce
# `make grid` trains what is missing on this machine, one process per core. `make grid ENGINE=slurm PARTITION=<name> MINUTES=240 GPUS=1`
# sends the same tasks to a Slurm cluster. A job that is preempted or reaches its time limit is queued again and goes on from its last
# checkpoint: a limit has to be longer than an epoch, and no longer than the partition's.
# ```
