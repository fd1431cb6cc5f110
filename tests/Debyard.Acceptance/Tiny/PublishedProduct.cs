using Debyard.Acceptance.Machine;

namespace Debyard.Acceptance.Tiny;

/// <summary>A tiny product that has been built, validated and published once; tests work on copies.</summary>
public sealed class PublishedProduct : IAsyncLifetime
{
    IReadOnlyList<string> networks = [];

    internal TinyProduct Product { get; } = new();

    internal Outcome First { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await Engine.RequireAsync();
        networks = await Engine.NetworksAsync();
        First = (await Product.RunAsync()).Succeeds("Build succeeded");
    }

    public async Task DisposeAsync()
    {
        await Product.RemoveImagesAsync();
        Product.Dispose();
        if (First is not null)
        {
            Assert.Empty((await Engine.NetworksAsync()).Except(networks));
        }
    }
}

[CollectionDefinition("A published product")]
public sealed class PublishedProductGroup : ICollectionFixture<PublishedProduct>;
