using System.Threading.RateLimiting;
using Debyard.Repository;
using Debyard.Server.Configuration;
using Microsoft.Extensions.Logging;

namespace Debyard.Server.GitLab;

/// <summary>Everything that lets branches follow those of one GitLab.</summary>
sealed class GitLabBranches : IDisposable
{
    const int MaxReceiving = 16;

    readonly GitLabApi api;

    public GitLabBranches(GitLabOptions options, RepositoryRoot repository, TimeProvider time, ILoggerFactory logs)
    {
        api = new GitLabApi(options, time);
        Status = new GitLabStatus(time);
        Verifier = new WebhookVerifier(options.Webhooks, time);
        Reconciliation = new Reconciliation(repository, api, options, Status, logs.CreateLogger<Reconciliation>());
        Watch = new BranchWatch(Reconciliation, api, options, time, logs.CreateLogger<BranchWatch>());
    }

    public GitLabStatus Status { get; }

    public WebhookVerifier Verifier { get; }

    /// <summary>Limits the webhooks received at the same time: a signature can be verified only when the whole body is in memory.</summary>
    public ConcurrencyLimiter Receiving { get; } = new(new() { PermitLimit = MaxReceiving });

    public Reconciliation Reconciliation { get; }

    /// <summary>The host starts and stops it.</summary>
    public BranchWatch Watch { get; }

    public void Dispose()
    {
        api.Dispose();
        Watch.Dispose();
        Reconciliation.Dispose();
        Receiving.Dispose();
        Status.Dispose();
    }
}
