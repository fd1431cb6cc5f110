using CliWrap;
using CliWrap.Buffered;

namespace Debyard.Server.Tests;

/// <summary>The host's apt with a tree of its own: nothing of the host's configuration or state is read or changed.</summary>
sealed class AptClient : IDisposable
{
    readonly TemporaryFolder folder = new();

    public AptClient(string sources, params string[] architectures)
    {
        folder.Write("etc/apt/sources.list.d/debyard.sources", sources);
        folder.Write("var/lib/dpkg/status", "");
        foreach (
            var name in new[]
            {
                "etc/apt/apt.conf.d",
                "etc/apt/preferences.d",
                "etc/apt/trusted.gpg.d",
                "var/lib/apt/lists/partial",
                "var/cache/apt/archives/partial",
                "downloads",
            }
        )
            Directory.CreateDirectory(folder[name]);
        folder.Write(
            "apt.conf",
            $$"""
            Dir "{{folder.Path}}";
            Dir::Etc::Parts "{{folder["etc/apt/apt.conf.d"]}}";
            APT::Architecture "{{architectures[0]}}";
            APT::Architectures { {{string.Join(' ', architectures.Select(architecture => $"\"{architecture}\";"))}} };
            APT::Sandbox::User "root";
            Acquire::Check-Date "true";
            Acquire::Check-Valid-Until "true";
            Acquire::Languages "none";
            Acquire::Retries "0";

            """
        );
    }

    public string Downloads => folder["downloads"];

    /// <summary>Gives it the lines of an <c>auth.conf.d</c> file.</summary>
    public void Authenticate(string lines) => folder.Write("etc/apt/auth.conf.d/debyard.conf", lines);

    /// <summary>What apt-get says; a failure, or a warning, fails the test.</summary>
    public async Task<string> RunAsync(params string[] arguments)
    {
        var (isDone, said) = await TryAsync(arguments);
        Assert.True(isDone, $"apt-get {string.Join(' ', arguments)}: {said}");
        return said;
    }

    /// <summary>What apt-get says, and whether it did all it was asked for, without a warning.</summary>
    public Task<(bool IsDone, string Said)> TryAsync(params string[] arguments) => TryAsync("apt-get", arguments);

    /// <summary>What apt-cache knows.</summary>
    public async Task<string> AskAsync(params string[] arguments)
    {
        var (isDone, said) = await TryAsync("apt-cache", arguments);
        Assert.True(isDone, $"apt-cache {string.Join(' ', arguments)}: {said}");
        return said;
    }

    async Task<(bool IsDone, string Said)> TryAsync(string command, string[] arguments)
    {
        var apt = await Cli.Wrap(command)
            .WithArguments(arguments)
            .WithWorkingDirectory(Downloads)
            .WithEnvironmentVariables(variables => variables.Set("APT_CONFIG", folder["apt.conf"]).Set("LC_ALL", "C.UTF-8"))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
        return apt.ExitCode == 0 && apt.StandardError.Length == 0
            ? (true, apt.StandardOutput)
            : (false, $"exit {apt.ExitCode}\n{apt.StandardOutput}{apt.StandardError}");
    }

    /// <summary>As if it had never updated.</summary>
    public void Forget()
    {
        foreach (var list in Directory.EnumerateFiles(folder["var/lib/apt/lists"]))
            File.Delete(list);
    }

    public void Dispose() => folder.Dispose();
}
