document.getElementById('content').textContent='Holdpoint';
