using System.Net;
using System.Text.Json;
using Debyard.Repository.Identity;
using Debyard.Server.Configuration;
using GitLabApiClient;

namespace Debyard.Server.GitLab;

/// <summary>
/// Which branches the projects of a GitLab have. Every answer that cannot prove that a branch is gone is a
/// <see cref="GitLabFaultException"/>.
/// </summary>
sealed class GitLabApi : IDisposable
{
    static readonly TimeSpan timeout = TimeSpan.FromSeconds(30);

    readonly GitLabConnection connection;
    readonly GitLabClient client;
    readonly CancellationTokenSource stopping = new();

    public GitLabApi(GitLabOptions options, TimeProvider time)
    {
        connection = new GitLabConnection(options.ApiToken, time, stopping.Token);
        client = new GitLabClient(options.Url.AbsoluteUri, "", connection, timeout);
    }

    /// <inheritdoc cref="GitLabConnection.NotBefore"/>
    public DateTimeOffset NotBefore => connection.NotBefore;

    /// <summary>
    /// The names of all branches. The list may lack one that was moved to an earlier page while it was read, so ask
    /// <see cref="HasBranchAsync"/> before acting on an absence.
    /// </summary>
    /// <exception cref="GitLabFaultException">The project or its list cannot be used.</exception>
    public async Task<IReadOnlySet<string>> ListBranchesAsync(Project project)
    {
        var defaultBranch = await ReadDefaultBranchAsync(project);
        var branches = await AskAsync(project, () => client.Branches.GetAsync(project.Path, _ => { }));
        var names = branches.Select(branch => branch.Name).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return names.Contains(defaultBranch)
            ? names
            : throw new GitLabFaultException(
                GitLabFault.Incomplete,
                $"GitLab's list of the branches of {project} has {names.Count} entries and lacks its default branch, {defaultBranch}."
            );
    }

    /// <summary>Whether the project has the branch at this moment.</summary>
    /// <exception cref="GitLabFaultException">The project cannot be used, or GitLab says neither yes nor no.</exception>
    public async Task<bool> HasBranchAsync(Project project, string gitRef)
    {
        var defaultBranch = await ReadDefaultBranchAsync(project);
        if (await FindBranchAsync(project, gitRef))
            return true;
        // A repository that has lost its default branch is damaged or empty, and then no absence means anything.
        return await FindBranchAsync(project, defaultBranch)
            ? false
            : throw new GitLabFaultException(
                GitLabFault.Incomplete,
                $"GitLab does not find the default branch of {project}, {defaultBranch}."
            );
    }

    async Task<string> ReadDefaultBranchAsync(Project project)
    {
        var answer = await AskAsync(project, () => client.Projects.GetAsync(project.Path));
        return answer.PathWithNamespace != project.Path
                ? throw new GitLabFaultException(GitLabFault.Moved, $"GitLab's project {project} is {answer.PathWithNamespace} now.")
            : answer.Archived ? throw new GitLabFaultException(GitLabFault.Archived, $"GitLab's project {project} is archived.")
            : answer.DefaultBranch is { Length: > 0 } branch ? branch
            : throw new GitLabFaultException(
                GitLabFault.Incomplete,
                $"GitLab's project {project} has no default branch: it is empty, or the API token may not read its repository."
            );
    }

    // The client writes the name into the path as it is, so that feature/x must be encoded before.
    async Task<bool> FindBranchAsync(Project project, string gitRef)
    {
        try
        {
            var branch = await AskAsync(project, () => client.Branches.GetAsync(project.Path, Uri.EscapeDataString(gitRef)));
            return branch.Name == gitRef
                ? true
                : throw new GitLabFaultException(GitLabFault.Unreadable, $"GitLab answered for another branch of {project} than {gitRef}.");
        }
        catch (GitLabFaultException missing)
            when (missing.InnerException is GitLabException { HttpStatusCode: HttpStatusCode.NotFound } answer && IsOfBranch(answer.Message)
            )
        {
            return false;
        }
    }

    // GitLab: {"message":"404 Branch Not Found"}; for a project it is "404 Project Not Found", and a proxy says anything else.
    static bool IsOfBranch(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("message", out var message)
                && message.ValueKind == JsonValueKind.String
                && message.GetString() == "404 Branch Not Found";
        }
        catch (JsonException)
        {
            return false;
        }
    }

    async Task<T> AskAsync<T>(Project project, Func<Task<T>> ask)
        where T : class
    {
        try
        {
            return await ask() ?? throw new GitLabFaultException(GitLabFault.Unreadable, $"GitLab's answer about {project} is empty.");
        }
        catch (GitLabException refusal)
        {
            throw Explain(project, refusal);
        }
        catch (OperationCanceledException cancelled) when (!stopping.IsCancellationRequested)
        {
            throw new GitLabFaultException(
                GitLabFault.Unreachable,
                $"GitLab does not answer about {project} in {timeout.TotalSeconds} s.",
                cancelled
            );
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            throw new GitLabFaultException(
                GitLabFault.Unreachable,
                $"GitLab cannot be asked about {project}: {fault.GetBaseException().Message}.",
                fault
            );
        }
        // The client throws its JSON library's exceptions, which are no API of its.
        catch (Exception fault) when (fault is not (GitLabFaultException or OperationCanceledException))
        {
            throw new GitLabFaultException(
                GitLabFault.Unreadable,
                $"GitLab's answer about {project} is not the expected JSON: {fault.Message}",
                fault
            );
        }
    }

    static GitLabFaultException Explain(Project project, GitLabException refusal)
    {
        var status = (int)refusal.HttpStatusCode;
        var (fault, reason) = status switch
        {
            401 => (GitLabFault.Unauthorized, "the API token is expired, revoked or wrong; replace GitLab:ApiToken"),
            403 => (GitLabFault.Forbidden, "the API token lacks the scope read_api or the role Reporter in the project"),
            404 => (GitLabFault.NotFound, "the project was deleted, or the API token cannot see it"),
            >= 300 and < 400 => (GitLabFault.Moved, "the project was renamed or moved"),
            429 => (GitLabFault.RateLimited, "too many requests; the next comparison waits as long as GitLab asks"),
            >= 500 => (GitLabFault.ServerError, "GitLab has a problem of its own"),
            _ => (GitLabFault.Unreadable, "this answer is unexpected"),
        };
        return new GitLabFaultException(fault, $"GitLab answers {status} about {project}: {reason}.", refusal);
    }

    public void Dispose()
    {
        stopping.Cancel();
        connection.Dispose();
        stopping.Dispose();
    }
}
