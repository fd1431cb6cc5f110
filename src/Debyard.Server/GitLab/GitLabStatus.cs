using System.Diagnostics.Metrics;
using Debyard.Repository.Identity;

namespace Debyard.Server.GitLab;

/// <summary>How a webhook was received.</summary>
enum WebhookOutcome
{
    Accepted,
    Ignored,
    Repeated,
    Forged,
    WrongTime,
    Unreadable,
}

/// <summary>What is wrong between this server and GitLab, for <c>/readyz</c> and metrics.</summary>
sealed class GitLabStatus : IDisposable
{
    public const string MeterName = "Debyard.GitLab";

    static readonly TimeSpan recent = TimeSpan.FromHours(1);

    readonly TimeProvider time;
    readonly Lock reading = new();
    readonly Dictionary<Project, GitLabFault> faults = [];
    readonly Dictionary<WebhookOutcome, DateTimeOffset> refusals = [];
    readonly Meter meter = new(MeterName);
    readonly Counter<long> branches,
        requests,
        webhooks;
    DateTimeOffset? compared;

    public GitLabStatus(TimeProvider time)
    {
        this.time = time;
        branches = meter.CreateCounter<long>("debyard.gitlab.branches", description: "Branches changed because of GitLab, by action");
        requests = meter.CreateCounter<long>("debyard.gitlab.faults", description: "Projects that could not be checked, by fault");
        webhooks = meter.CreateCounter<long>("debyard.gitlab.webhooks", description: "Webhooks received, by outcome");
        meter.CreateObservableGauge(
            "debyard.gitlab.unchecked_projects",
            CountUnchecked,
            description: "Projects that cannot be checked now"
        );
        meter.CreateObservableGauge("debyard.gitlab.comparison_age", Age, "s", "Time since all branches were last compared");
    }

    public void CountBranch(string action) => branches.Add(1, new KeyValuePair<string, object?>("action", action));

    public void CountWebhook(WebhookOutcome outcome)
    {
        webhooks.Add(1, new KeyValuePair<string, object?>("outcome", outcome.ToString()));
        if (outcome is WebhookOutcome.Forged or WebhookOutcome.WrongTime or WebhookOutcome.Unreadable)
            lock (reading)
                refusals[outcome] = time.GetUtcNow();
    }

    /// <param name="fault">Null: the project was checked.</param>
    public void Record(Project project, GitLabFault? fault)
    {
        if (fault is { } reason)
            requests.Add(1, new KeyValuePair<string, object?>("fault", reason.ToString()));
        lock (reading)
            if (fault is { } current)
                faults[project] = current;
            else
                faults.Remove(project);
    }

    /// <summary>A comparison of these projects has ended; the others no longer matter.</summary>
    public void Complete(IReadOnlySet<Project> projects)
    {
        lock (reading)
        {
            foreach (var project in faults.Keys.Where(project => !projects.Contains(project)).ToList())
                faults.Remove(project);
            compared = time.GetUtcNow();
        }
    }

    /// <summary>What is wrong, one line each, without names: anyone may read it.</summary>
    public IReadOnlyList<string> Warnings()
    {
        lock (reading)
        {
            var warnings = new List<string>();
            if (faults.Count > 0)
                warnings.Add(
                    $"GitLab: {faults.Count} projects cannot be checked, so their branches stay ("
                        + string.Join(", ", faults.Values.CountBy(fault => fault).Select(kind => $"{kind.Key} {kind.Value}"))
                        + "); the log names them"
                );
            foreach (var (outcome, at) in refusals)
                if (time.GetUtcNow() - at < recent)
                    warnings.Add(
                        outcome switch
                        {
                            WebhookOutcome.WrongTime => "GitLab: webhooks are refused because of their time; compare both clocks",
                            WebhookOutcome.Forged => "GitLab: webhooks with an invalid token or signature are refused",
                            _ => "GitLab: webhooks cannot be read",
                        }
                    );
            return warnings;
        }
    }

    int CountUnchecked()
    {
        lock (reading)
            return faults.Count;
    }

    IEnumerable<Measurement<double>> Age()
    {
        lock (reading)
            return compared is { } at ? [new((time.GetUtcNow() - at).TotalSeconds)] : [];
    }

    public void Dispose() => meter.Dispose();
}
