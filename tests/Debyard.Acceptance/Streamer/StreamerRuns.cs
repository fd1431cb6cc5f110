using Debyard.Acceptance.Machine;

namespace Debyard.Acceptance.Streamer;

/// <summary>The sample product, cloned with its history and built for both architectures: once, again, and for another branch.</summary>
public sealed class StreamerRuns : IAsyncLifetime
{
    internal Workspace Clone { get; } = new();

    internal Outcome First { get; private set; } = null!;

    internal Outcome Again { get; private set; } = null!;

    internal Outcome Feature { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await Engine.RequireAsync();
        await Clone.CloneProjectAsync();
        (await Clone.RunAsync("Setup", "--emulate", "arm64")).Succeeds();
        First = (await RunAsync("main")).Succeeds("Build succeeded");
        Again = (await RunAsync("main")).Succeeds("Build succeeded");
        Feature = (await RunAsync("feature/x")).Succeeds("Build succeeded");
    }

    internal Task<Outcome> RunAsync(string branch) =>
        Clone.RunAsync("Pipeline", "--architectures", "amd64", "arm64", "--emulate", "arm64", "--branch", branch);

    internal string Index(string branch, string architecture) => AptIndex.Read(Clone["output"], "repository", branch, architecture);

    public Task DisposeAsync()
    {
        Clone.Dispose();
        return Task.CompletedTask;
    }
}
