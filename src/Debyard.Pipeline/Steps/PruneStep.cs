using Debyard.Pipeline.Manifests;
using Debyard.Pipeline.Repository;
using Debyard.Protocol;

namespace Debyard.Pipeline.Steps;

/// <summary>Has the repository server compare its branches with GitLab's, which retires what is gone there.</summary>
public static class PruneStep
{
    /// <param name="apply">False: only tell what would happen, and why.</param>
    /// <exception cref="PipelineException">
    /// No server is configured, it refuses, or a project could not be checked, whose branches therefore stay.
    /// </exception>
    public static async Task<ReconciliationAnswer> RunAsync(RunOptions options, bool apply, CancellationToken cancellation)
    {
        using var http = new RepositoryHttp(AddressOf(options));
        var answer = await http.SendAsync(
            () => new HttpRequestMessage(HttpMethod.Post, $"api/gitlab/reconcile?apply={(apply ? "true" : "false")}"),
            ProtocolJson.Default.ReconciliationAnswer,
            "comparing branches with GitLab's",
            cancellation
        );
        Tell(answer, options);
        return answer.Projects.Count == 0
            ? answer
            : throw new PipelineException(
                $"{answer.Projects.Count} projects could not be checked, so their branches stay: "
                    + string.Join(' ', answer.Projects.Select(project => project.Reason))
            );
    }

    static void Tell(ReconciliationAnswer answer, RunOptions options)
    {
        foreach (var branch in answer.Branches)
        {
            options.Log($"{branch.Branch}: {Sentence(branch.Action, answer.Applied)}: {branch.Reason}");
        }
        var changed = answer.Branches.Count(branch => branch.Action != "keep");
        options.Log(
            $"{answer.Checked} branches compared, {changed} {(answer.Applied ? "changed" : "would change")}"
                + (changed > 0 && !answer.Applied ? "; --apply does it" : "")
        );
    }

    static string Sentence(string action, bool applied) =>
        (action, applied) switch
        {
            ("retire", true) => "retired",
            ("retire", false) => "would be retired",
            ("removeOwner", true) => "lost an owner and stays",
            ("removeOwner", false) => "would lose an owner and stay",
            ("restore", true) => "restored",
            ("restore", false) => "would be restored",
            _ => "stays",
        };

    static RepositoryAddress AddressOf(RunOptions options)
    {
        var repository = ManifestReader.Read(options.ManifestFile).Repository;
        var server =
            RunPlan.ServerOf(options, repository.Url)
            ?? throw new PipelineException(
                "Prune needs a repository server that follows a GitLab: name it with --repository-url or DEBYARD_URL, or in the manifest."
            );
        return new RepositoryAddress(RepositoryAddress.WithSlash(server), repository.Suite, repository.Component, options.Token);
    }
}
