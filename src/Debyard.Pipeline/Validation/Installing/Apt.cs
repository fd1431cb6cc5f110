using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Validation.Reports;

namespace Debyard.Pipeline.Validation.Installing;

/// <summary>apt in a container, as a user runs it, except that nobody answers questions.</summary>
public sealed class Apt(EngineContainer container)
{
    // Nothing is downloaded twice, nothing is asked, and debconf tells which questions it would have asked.
    static readonly string[] command =
    [
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "DEBCONF_DEBUG=developer",
        "apt-get",
        "-q",
        "-y",
        "--no-install-recommends",
        "-o",
        "Dpkg::Use-Pty=0",
        "-o",
        "APT::Get::List-Cleanup=0",
    ];

    // The two answers to a conffile prompt that keep what the administrator has changed. dpkg(1)
    static readonly string[] keepConfiguration = ["-o", "Dpkg::Options::=--force-confdef", "-o", "Dpkg::Options::=--force-confold"];

    /// <summary>Reads the indexes of all sources.</summary>
    /// <exception cref="PipelineException">apt cannot read the repository.</exception>
    public async Task UpdateAsync(CancellationToken cancellation)
    {
        var result = await container.RunAsync([.. command, "update", "--error-on=any"], cancellation);
        if (result.ExitCode != 0)
        {
            throw new PipelineException(
                $"apt cannot read the branch's repository: `apt-get update` exited with code {result.ExitCode}.\n"
                    + AptOutput.Indented(result.Output)
            );
        }
    }

    /// <summary>What an installation would download: the address and the file name of each package.</summary>
    /// <exception cref="StepFailedException">The packages cannot be installed.</exception>
    public async Task<IReadOnlyList<(string Address, string FileName)>> ListDownloadsAsync(
        IEnumerable<string> packages,
        CancellationToken cancellation
    )
    {
        var result = await RunAsync("installed", ["--print-uris", "install", .. packages], [], cancellation);
        return [.. AptOutput.Downloads(result.Output)];
    }

    public Task DownloadAsync(IEnumerable<string> packages, CancellationToken cancellation) =>
        RunAsync("installed", ["--download-only", "install", .. packages], [], cancellation);

    /// <summary>Installs packages by name, <c>name=version</c> or path.</summary>
    /// <param name="packages">What to install.</param>
    /// <param name="ours">The names of the packages that must ask no questions.</param>
    /// <param name="cancellation">Cancels the installation.</param>
    /// <param name="isUpgrade">Whether changed configuration is kept without a question.</param>
    /// <exception cref="StepFailedException">They cannot be installed, or ask a question.</exception>
    public Task InstallAsync(
        IEnumerable<string> packages,
        IReadOnlyList<string> ours,
        CancellationToken cancellation,
        bool isUpgrade = false
    ) => RunAsync("installed", [.. isUpgrade ? keepConfiguration : [], "install", .. packages], ours, cancellation);

    /// <summary>Installs older versions.</summary>
    /// <returns>apt's exit code and output.</returns>
    public Task<CommandResult> DowngradeAsync(IEnumerable<string> packages, CancellationToken cancellation) =>
        container.RunAsync([.. command, .. keepConfiguration, "--allow-downgrades", "install", .. packages], cancellation);

    public Task RemoveAsync(IEnumerable<string> packages, CancellationToken cancellation) =>
        RunAsync("removed", ["remove", .. packages], [], cancellation);

    /// <summary>Purges packages, and then what was installed only for them.</summary>
    public async Task PurgeAsync(IEnumerable<string> packages, CancellationToken cancellation)
    {
        // By dpkg, because apt no longer knows removed packages that came from a file. dpkg ignores those that left nothing to purge.
        string[] purge = ["dpkg", "--purge", .. packages];
        var result = await container.RunAsync(purge, cancellation);
        if (AptOutput.FindFailure(result.Output, result.ExitCode, "purged", string.Join(' ', purge)) is { } failure)
        {
            throw new StepFailedException(failure, AptOutput.Readable(result.Output));
        }
        await RunAsync("purged", ["--purge", "autoremove"], [], cancellation);
    }

    async Task<CommandResult> RunAsync(
        string action,
        IEnumerable<string> arguments,
        IReadOnlyList<string> ours,
        CancellationToken cancellation
    )
    {
        List<string> words = [.. arguments];
        var result = await container.RunAsync([.. command, .. words], cancellation);
        var failure = AptOutput.FindFailure(result.Output, result.ExitCode, action, $"apt-get {string.Join(' ', words)}");
        return failure is null && AptOutput.FindQuestion(result.Output, ours) is not { } question ? result
            : failure is not null ? throw new StepFailedException(failure, AptOutput.Readable(result.Output))
            : throw new StepFailedException(AptOutput.FindQuestion(result.Output, ours)!, AptOutput.Readable(result.Output));
    }
}
