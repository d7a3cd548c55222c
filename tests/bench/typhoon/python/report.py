"""The report of a storm: tables in Markdown, and plots as SVG that can be read on light and on dark ground."""

import collections

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt

# The expectations of issue 7, and what "not delayed" means here.
OWN_MAX_MS = 100
DELAY_MAX, DELAY_MAX_S = 1.25, 1.0
MEGABYTE = 1024

# An opaque ground of their own: so they are the same in every theme. The colours differ for those who see few of them, too.
GROUND, INK, GRID = "#fbfbf8", "#24292f", "#d7d9d5"
BLUE, ORANGE, GREEN, PURPLE, GREY = "#0072b2", "#d55e00", "#00805f", "#8f4a86", "#6b7178"
MARKS = {"webhook": "x", "inbox": "+", "planner": "^", "sender": "v"}
STYLE = {
    "figure.facecolor": GROUND, "axes.facecolor": GROUND, "savefig.facecolor": GROUND, "axes.edgecolor": GREY,
    "axes.labelcolor": INK, "text.color": INK, "xtick.color": INK, "ytick.color": INK, "grid.color": GRID,
    "axes.grid": True, "axes.spines.top": False, "axes.spines.right": False, "font.family": "sans-serif", "font.size": 10,
    "legend.frameon": False, "svg.fonttype": "path", "svg.hashsalt": "typhoon", "figure.figsize": (9, 3.6),
}


def write(figures, folder):
    """Writes report.md and the plots into the folder; the text of the report."""
    plt.rcParams.update(STYLE)
    text = soak(figures, folder) if figures["soak"] else typhoon(figures, folder)
    (folder / "report.md").write_text(text)
    return text


def typhoon(figures, folder):
    for name, draw in (("flow", flow), ("latency", latency), ("broadcasts", broadcasts)):
        plot(folder / f"{name}.svg", draw, figures)
    return "\n".join([
        "# A typhoon on one machine",
        "",
        f"`tests/bench/run typhoon --seconds {figures['seconds']} --seed {figures['seed']}` on {figures['machine']}, which the"
        " functions shared with the simulator of LINE and the stand-ins of AWS.",
        "",
        *verdict(figures),
        "",
        "![Requests, answers and what waits](flow.svg)",
        "",
        "![Time of webhook](latency.svg)",
        "",
        "![Broadcasts](broadcasts.svg)",
        "",
        "## What came, and what became of it",
        "",
        *ends(figures),
        "",
        "## Webhook",
        "",
        *webhook(figures),
        "",
        "## Broadcasts",
        "",
        *sent(figures),
        "",
        "## What was real, and what was not",
        "",
        f"- `webhook`: the release build, {figures['processes']} processes behind a stand-in of Lambda's Runtime API. A killed one gets `kill -9`;"
        " its request is delivered again, as LINE does it. A request for which none is free within 250 ms is refused, as Lambda refuses what is"
        " beyond its concurrency, and is delivered again, too: after 1, 4, 16 and 64 s, since LINE does not say how often and when it does so.",
        "- SQS: a FIFO queue in memory with groups, a visibility time-out of 36 s, redelivery and an end after 600 receptions.",
        f"- `inbox`: the use case with the real conversation, the real way of a batch and the real client of LINE, {figures['inboxes']} at once. Its"
        " table is the tests' one in memory, since no stand-in of DynamoDB here writes transactions. A killed one is dropped in the middle;"
        " what it held comes again after 36 s.",
        f"- Planners and senders: the use cases on stores in memory that take AWS's time, {figures['friends']:,} friends. What a killed sender"
        " held comes again after 60 s, what a killed planner held after six minutes, or when janitor, who looks each minute, asks for it again.",
        "- LINE: the simulator in a process of its own, at LINE's limits. It answers replies after 250 ms and multicasts after 500 ms, refuses 2 %"
        " of replies, pushes with 429 and as many with 500, 2 % of multicasts with 500, and leaves one in 200 without an answer after it took it."
        " A reply token lives 155 s instead of 60, since its minute does not begin anew when its event is delivered again, as LINE's does.",
        "- Staff: the console's router in this process on stores in memory of its own,"
        f" {figures['log']['pages']['count']} pages, {span(figures['log']['pages']['times'])}.",
        "",
    ])


def verdict(figures):
    own, ratio = figures["log"]["requests"]["own"], delay(figures)
    rows = [
        ("lost or doubled, or otherwise not as it must be", f"{len(figures['wrong'])}", not figures["wrong"], "nothing"),
        ("webhook's own time, p99", f"{own['p99']:.1f} ms", own["p99"] < OWN_MAX_MS, f"below {OWN_MAX_MS} ms"),
    ]
    if ratio:
        alone, storm, met = ratio
        limit = f"at most {DELAY_MAX} times + {DELAY_MAX_S:.0f} s of that alone"
        rows.append(("emergency: until LINE has taken 90 % of it", f"{storm:.1f} s, alone {alone:.1f} s", met, limit))
    lines = ["| | seen | expected | |", "|---|---:|---|---|"]
    lines += [f"| {title} | {seen} | {limit} | {'met' if met else '**missed**'} |" for title, seen, met, limit in rows]
    return lines + ["", *(f"- {wrong}" for wrong in figures["wrong"])] if figures["wrong"] else lines


def delay(figures):
    """90 % of the emergency alone and in the storm, and whether that is not delayed. The last tenth is left out: of it is what
    killed functions held."""
    alone, storm = figures["alone"]["p90"], figures["broadcasts"]["emergency"]["p90"]
    return (alone, storm, storm <= alone * DELAY_MAX + DELAY_MAX_S) if alone and storm else None


def ends(figures):
    account, log = figures["account"], figures["log"]
    how = collections.Counter()
    for _, name, count in log["requests"]["ended"]:
        how[name] += count
    kills = collections.Counter(name for _, name in log["kills"])
    counts = lambda counter: ", ".join(f"{count:,} {name}" for name, count in sorted(counter.items())) or "none"
    lines = [
        f"{sum(how.values()):,} requests, {figures['rate']:,} a second for {figures['seconds']} s and what was delivered again:"
        f" {counts(how)}. Killed: {counts(kills)}."
        f" The queue was empty {figures['drainedS']:.0f} s after the last request; {log['queue']['returned'] or 0:,} messages came back to it"
        f" after a kill or a failure, {log['queue']['doubles'] or 0:,} came twice and were taken once.",
        "",
        f"| what became of {account['events']:,} events | |",
        "|---|---:|",
    ]
    return lines + [f"| {end} | {count:,} |" for end, count in sorted(account["ends"].items(), key=lambda one: -one[1])]


def webhook(figures):
    requests = figures["log"]["requests"]
    lines = [
        "Milliseconds. Its own time is that from the handing over of a request to a process until its answer, less what the stand-in of AWS"
        " worked in between; the Runtime API's stand-in is in it, and waiting for a core of the machine. The whole counts from the moment at which a request was to go out.",
        "",
        "| | p50 | p99 |",
        "|---|---:|---:|",
    ]
    parts = (
        ("**its own**", "own"),
        ("the stand-in of AWS", "aws"),
        ("waiting for a process", "waited"),
        ("late, by the simulator and the harness", "late"),
        ("the whole", "total"),
    )
    return lines + [f"| {title} | {requests[key]['p50']:.1f} | {requests[key]['p99']:.1f} |" for title, key in parts]


def sent(figures):
    both = {"emergency alone": figures["alone"], "emergency in the storm": figures["broadcasts"]["emergency"]}
    both["routine in the storm"] = figures["broadcasts"]["routine"]
    seconds = lambda value: "" if value is None else f"{value:.1f}"
    lines = [
        f"Seconds from its release until LINE had taken so much of a broadcast to {figures['friends']:,} friends. What is routine gives way to"
        " the emergency; what a killed function held comes again later.",
        "",
        "| | calls taken | half | 90 % | all | each got it exactly once |",
        "|---|---:|---:|---:|---:|---|",
    ]
    for title, one in both.items():
        times = " | ".join(seconds(one[key]) for key in ("p50", "p90", "last"))
        lines.append(f"| {title} | {one['calls']:,} | {times} | {'yes' if one['exact'] else '**no**'} |")
    return lines


def soak(figures, folder):
    plot(folder / "memory.svg", memory, figures)
    rows = figures["memory"]
    grew = [row for row in rows if row["judged"] and row["grew"]]
    lines = [
        "# Steady rain, and the memory",
        "",
        f"`tests/bench/run typhoon --soak {figures['seconds'] // 60}` on {figures['machine']}: {figures['rate']} requests a second. Resident memory"
        " at each minute. A function grows if the median of its last quarter is more than 10 % and 2 MB above that of its second quarter:"
        f" {'**it grows**' if grew else 'none does'}. The harness holds table, queue and account of all events and the simulator what LINE remembers:"
        " they are shown, and not judged.",
        "",
        f"Not as it must be: {len(figures['wrong'])}. {'; '.join(figures['wrong'])}",
        "",
        "![Memory](memory.svg)",
        "",
        "| MB at minute | " + " | ".join(f"{row['name']} {row['process']}" for row in rows) + " |",
        "|---:|" + "---:|" * len(rows),
    ]
    for minute in range(max((len(row["heldKb"]) for row in rows), default=0)):
        held = [row["heldKb"][minute] / MEGABYTE if minute < len(row["heldKb"]) else None for row in rows]
        lines.append(f"| {minute} | " + " | ".join("" if one is None else f"{one:.1f}" for one in held) + " |")
    return "\n".join([*lines, "", *ends(figures), "", *webhook(figures), ""])


def span(times):
    return f"{times['p50']:.1f} ms (p50), {times['p99']:.1f} ms (p99)" if times else "none"


def plot(file, draw, figures):
    figure, axes = plt.subplots(layout="constrained")
    draw(axes, figures)
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)


def flow(axes, figures):
    requests, calls = collections.Counter(), collections.Counter()
    for second, _, count in figures["log"]["requests"]["ended"]:
        requests[second] += count
    for second, kind, count in figures["calls"]:
        if kind in ("reply", "push"):
            calls[second] += count
    end = max([*requests, *calls, 1])
    seconds = range(end + 1)
    axes.plot(seconds, [requests[second] for second in seconds], color=BLUE, label="requests of LINE a second")
    axes.plot(seconds, [calls[second] for second in seconds], color=GREEN, label="answers that LINE took a second")
    axes.set(xlabel="seconds", ylabel="a second", xlim=(0, end), ylim=(0, None), title="What came and what was answered")
    waits = axes.twinx()
    waits.grid(False)
    waits.spines["right"].set_visible(True)
    depths = [depth for depth in figures["log"]["queue"]["depths"] if 0 <= depth[0]]
    held = [waiting + out for _, waiting, out in depths]
    waits.plot([at for at, *_ in depths], held, color=ORANGE, linestyle="--", label="in the queue (right)")
    waits.set(ylabel="messages", ylim=(0, None))
    legend(axes, waits)


def latency(axes, figures):
    rows = figures["log"]["requests"]["bySecond"]
    seconds = [row["second"] for row in rows]
    for part, colour, title in (("total", GREY, "whole"), ("own", BLUE, "its own")):
        axes.plot(seconds, [row[part]["p99"] for row in rows], color=colour, label=f"{title}, p99")
        axes.plot(seconds, [row[part]["p50"] for row in rows], color=colour, linestyle=":", label=f"{title}, p50")
    axes.axhline(OWN_MAX_MS, color=ORANGE, linewidth=1, linestyle="--", label=f"{OWN_MAX_MS} ms")
    low = min((row["own"]["p50"] for row in rows), default=1)
    axes.set(xlabel="seconds", ylabel="milliseconds", yscale="log", title="Time of webhook, and what was killed when")
    axes.yaxis.set_major_formatter("{x:g}")
    marks(axes, figures, low / 2)
    legend(axes)


def marks(axes, figures, height):
    for name, marker in MARKS.items():
        at = [moment for moment, killed in figures["log"]["kills"] if killed == name]
        axes.plot(at, [height] * len(at), marker, color=PURPLE, markersize=5, linestyle="none", label=f"{name} killed")


def broadcasts(axes, figures):
    for key, colour, title in (("emergency", ORANGE, "emergency"), ("routine", BLUE, "routine")):
        one = figures["broadcasts"][key]
        share = [100 * (number + 1) / max(one["calls"], 1) for number in range(len(one["accepted"]))]
        axes.step([one["release"], *one["accepted"]], [0, *share], where="post", color=colour, label=title)
        axes.axvline(one["release"], color=colour, linewidth=0.8, linestyle=":")
    alone = figures["alone"]
    shift = figures["broadcasts"]["emergency"]["release"] - alone["release"]
    share = [100 * (number + 1) / max(alone["calls"], 1) for number in range(len(alone["accepted"]))]
    at = [moment + shift for moment in alone["accepted"]]
    axes.step(at, share, where="post", color=GREY, linestyle="--", label="emergency alone, moved to the same release")
    axes.set(xlabel="seconds", ylabel="% of the calls taken", ylim=(-8, 104), title="Broadcasts (dotted: released)")
    marks(axes, figures, -4)
    legend(axes)


def memory(axes, figures):
    for row in figures["memory"]:
        colour = BLUE if row["judged"] else GREY
        label = f"{row['name']} {row['process']}" + ("" if row["judged"] else " (not judged)")
        axes.plot([held / MEGABYTE for held in row["heldKb"]], color=colour, label=label)
    axes.set(xlabel="minutes", ylabel="MB", yscale="log", title="Resident memory")
    axes.yaxis.set_major_formatter("{x:g}")
    legend(axes)


def legend(axes, *others):
    shown = [axes.get_legend_handles_labels(), *(other.get_legend_handles_labels() for other in others)]
    handles, labels = ([item for pair in shown for item in pair[side]] for side in (0, 1))
    axes.legend(handles, labels, loc="upper center", bbox_to_anchor=(0.5, -0.17), ncols=4, fontsize=9)
