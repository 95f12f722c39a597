using Cairn.Core;
using Cairn.Core.Artifacts;
using Cairn.Core.Artifacts.Collections;
using Cairn.Core.Experiments;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

/// <summary>Collections of links to versions, shown as if they were artifacts: their versions are those that are linked, under their numbers there.</summary>
internal static class Portfolios
{
    /// <summary>The portfolio of that name, or null.</summary>
    public static async Task<Collection?> FindAsync(HttpContext http, ArtifactKey key) =>
        await Store(http).FindAsync(key, http.RequestAborted) is { IsPortfolio: true } found ? found : null;

    public static async Task<IReadOnlyList<Wire.ArtifactInfo>> ListAsync(HttpContext http, ExperimentId experiment, string? type, string experimentName)
    {
        var infos = new List<Wire.ArtifactInfo>();
        foreach (var portfolio in (await Store(http).ListAsync(experiment, type, http.RequestAborted)).Where(collection => collection.IsPortfolio))
        {
            infos.Add(ToWire(portfolio, experimentName, await PlacesAsync(http, portfolio)));
        }

        return infos;
    }

    public static async Task<Wire.ArtifactDetail> ReadAsync(HttpContext http, Collection portfolio, string experimentName)
    {
        var places = await PlacesAsync(http, portfolio);
        var history = await Store(http).ReadAliasHistoryAsync(portfolio, http.RequestAborted);
        return new Wire.ArtifactDetail(
            ToWire(portfolio, experimentName, places),
            [.. places.Select(place => Placed(place.Version.ToWire(experimentName), place.Place))],
            [.. history.Select(change => change.ToWire())]);
    }

    /// <summary>A version by its place in a portfolio.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.NotFound"/>.</exception>
    public static async Task<(Membership Place, ArtifactVersion Version)> FindAsync(HttpContext http, Collection portfolio, VersionReference reference) =>
        await Store(http).FindAsync(portfolio.Key, reference, http.RequestAborted) is { } card && card.Memberships.FirstOrDefault(place => place.PortfolioId == portfolio.Id) is { } place
            ? (place, card.Version)
            : throw CairnException.NotFound($"The collection '{portfolio.Key.Name}' links no such version.");

    /// <summary>A version as it is called in a portfolio.</summary>
    public static Wire.VersionInfo Placed(Wire.VersionInfo info, Membership place) => info with
    {
        ExperimentId = place.Portfolio.ExperimentId.ToString(),
        Name = place.Portfolio.Name,
        Version = WireMap.Label(place.Index),
        Aliases = place.Aliases,
    };

    private static Wire.ArtifactInfo ToWire(Collection portfolio, string experimentName, List<(Membership Place, ArtifactVersion Version)> places) => new(
        portfolio.Key.ExperimentId.ToString(),
        experimentName,
        portfolio.Key.Name,
        portfolio.Type,
        portfolio.Description,
        portfolio.CreatedAt,
        portfolio.UpdatedAt,
        places.Count,
        places is [var newest, ..] ? WireMap.Label(newest.Place.Index) : null,
        portfolio.Aliases.ToDictionary(alias => alias.Key, alias => WireMap.Label(alias.Value), StringComparer.Ordinal));

    private static async Task<List<(Membership Place, ArtifactVersion Version)>> PlacesAsync(HttpContext http, Collection portfolio) =>
        [.. (await Store(http).ListVersionsAsync(portfolio, http.RequestAborted))
            .Select(card => (Place: card.Memberships.First(place => place.PortfolioId == portfolio.Id), card.Version))
            .OrderByDescending(place => place.Place.Index)];

    private static ICollectionStore Store(HttpContext http) => http.RequestServices.GetRequiredService<ICollectionStore>();
}
