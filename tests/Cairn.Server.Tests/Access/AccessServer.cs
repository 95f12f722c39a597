using Cairn.Core.Access;

namespace Cairn.Server.Tests.Access;

/// <summary>A real server with an admin and three users, each with a key.</summary>
public class AccessServer : IAsyncLifetime
{
    private const string OperatorKey = "the-operators-key-of-a-test";

    private readonly string folder = Directory.CreateTempSubdirectory("cairn-access-").FullName;
    private readonly List<Person> people = [];

    public CairnServer Server { get; private set; } = null!;

    protected virtual Permission Default => Permission.Read;

    public Person Operator { get; private set; } = null!;

    public Person Admin { get; private set; } = null!;

    public Person Alice { get; private set; } = null!;

    public Person Bob { get; private set; } = null!;

    public Person Carol { get; private set; } = null!;

    /// <summary>Nobody knows who this is.</summary>
    public Person Stranger { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await StartAsync(Default);
        Admin = await AddUserAsync("admin", isAdmin: true);
        Alice = await AddUserAsync("alice");
        Bob = await AddUserAsync("bob");
        Carol = await AddUserAsync("carol");
    }

    public async Task<Person> AddUserAsync(string name, bool isAdmin = false)
    {
        (await Operator.PostAsync("/api/v1/users", $$"""{"name":"{{name}}","password":"a long password of {{name}}","isAdmin":{{(isAdmin ? "true" : "false")}} }""")).Expect(200);
        var key = (await Operator.PostAsync($"/api/v1/users/{name}/keys", """{"name":"test"}""")).Expect(200).Json["key"]!.GetValue<string>();
        return Keep(new Person(name, Server.Address, key));
    }

    /// <summary>What a user may do with an experiment from now on.</summary>
    public async Task AllowAsync(string experiment, string user, string permission) =>
        (await Operator.SendAsync("PUT", $"/api/v1/experiments/{experiment}/permissions/{user}", $$"""{"permission":"{{permission}}"}""")).Expect(200);

    public async ValueTask DisposeAsync()
    {
        foreach (var person in people)
        {
            person.Dispose();
        }

        await Server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private async Task StartAsync(Permission permission)
    {
        Server = await CairnServer.StartAsync(
            new CairnServerOptions { DataFolder = folder, Listen = "127.0.0.1:0", ApiKey = OperatorKey, DefaultPermission = permission, Quiet = true }, CancellationToken.None);
        Operator = Keep(new Person("operator", Server.Address, OperatorKey));
        Stranger = Keep(new Person("stranger", Server.Address, key: null));
    }

    private Person Keep(Person person)
    {
        people.Add(person);
        return person;
    }
}

/// <summary>A server on which users see nothing that was not given to them.</summary>
public sealed class ClosedServer : AccessServer
{
    protected override Permission Default => Permission.NoPermissions;
}
