using Debyard.Pipeline.Engine;

namespace Debyard.Pipeline.Validation.Installing;

/// <summary>What an upgrade starts from: the packages of the default branch, as <c>name=version</c>.</summary>
public sealed record EarlierPackages(string Branch, IReadOnlyList<string> Packages);

/// <summary>The <c>.sources</c> files in a container: apt sees the branch itself, or the default branch as before an upgrade.</summary>
public static class AptSources
{
    /// <summary>Where the validation keeps its own files.</summary>
    public const string Folder = "/var/cache/debyard";

    public const string ActiveFile = "/etc/apt/sources.list.d/debyard.sources";
    public const string BothFile = "/etc/apt/sources.list.d/debyard-earlier.sources";
    public const string EarlierFile = $"{Folder}/earlier.sources";
    public const string CandidateFile = $"{Folder}/candidate.sources";

    /// <summary>Makes apt see only the default branch, or only the branch itself. Both lists were read, so no update is needed.</summary>
    public static async Task UseAsync(EngineContainer container, bool ofEarlier, CancellationToken cancellation) =>
        await container.RunAsync(["cp", ofEarlier ? EarlierFile : CandidateFile, ActiveFile], cancellation);
}
