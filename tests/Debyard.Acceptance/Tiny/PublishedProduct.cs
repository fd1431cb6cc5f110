using Debyard.Acceptance.Machine;

namespace Debyard.Acceptance.Tiny;

/// <summary>A tiny product that has been built, validated and published once; tests work on copies.</summary>
public sealed class PublishedProduct : IAsyncLifetime
{
    internal TinyProduct Product { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await Engine.RequireAsync();
        Product = new TinyProduct();
        try
        {
            (await Product.RunAsync()).Succeeds("Build succeeded");
        }
        catch
        {
            // xunit disposes only fixtures that came about.
            await DisposeAsync();
            throw;
        }
    }

    public async Task DisposeAsync()
    {
        await Product.RemoveImagesAsync();
        Product.Dispose();
    }
}

[CollectionDefinition("A published product")]
public sealed class PublishedProductGroup : ICollectionFixture<PublishedProduct>;
