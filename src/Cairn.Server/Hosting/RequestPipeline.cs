using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Cairn.Server.Hosting;

/// <summary>
/// What Kestrel calls for each request. All services live as long as the server, so requests share one provider and need
/// no scope; a connection's requests share one context.
/// </summary>
internal sealed class RequestPipeline(IServiceProvider services, RequestDelegate handle) : IHttpApplication<HttpContext>
{
    private readonly SharedServices shared = new(services);

    public HttpContext CreateContext(IFeatureCollection contextFeatures)
    {
        contextFeatures.Set<IServiceProvidersFeature>(shared);
        if (contextFeatures is not IHostContextContainer<HttpContext> connection)
        {
            return new DefaultHttpContext(contextFeatures);
        }

        if (connection.HostContext is DefaultHttpContext used)
        {
            used.Initialize(contextFeatures);
            return used;
        }

        return connection.HostContext = new DefaultHttpContext(contextFeatures);
    }

    public Task ProcessRequestAsync(HttpContext context) => handle(context);

    public void DisposeContext(HttpContext context, Exception? exception) => ((DefaultHttpContext)context).Uninitialize();

    private sealed class SharedServices(IServiceProvider services) : IServiceProvidersFeature
    {
        public IServiceProvider RequestServices
        {
            get => services;
            set => throw new NotSupportedException("Requests have no services of their own.");
        }
    }
}
