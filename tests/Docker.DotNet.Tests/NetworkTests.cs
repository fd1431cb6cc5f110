namespace Docker.DotNet.Tests;

[Collection(nameof(Engine))]
public sealed class NetworkTests(EngineFixture engine)
{
    [Fact]
    public async Task The_engines_own_networks_are_listed_and_inspected()
    {
        var networks = await engine.Client.Networks.ListNetworksAsync();
        var none = Assert.Single(networks, network => network.Name == "none");
        Assert.Equal("null", none.Driver);

        var inspected = await engine.Client.Networks.InspectNetworkAsync("none");
        Assert.Equal(none.ID, inspected.ID);
        Assert.Equal("local", inspected.Scope);
        Assert.Equal("default", inspected.IPAM.Driver);
    }

    [Fact]
    public async Task Networks_are_listed_by_filter()
    {
        var filters = new Dictionary<string, IDictionary<string, bool>> { ["driver"] = new Dictionary<string, bool> { ["host"] = true } };
        Assert.Equal("host", Assert.Single(await engine.Client.Networks.ListNetworksAsync(new() { Filters = filters })).Name);
    }

    [Fact]
    public Task A_missing_network_is_an_exception_of_its_own() =>
        Assert.ThrowsAsync<DockerNetworkNotFoundException>(() => engine.Client.Networks.InspectNetworkAsync($"missing-{engine.Run}"));
}
